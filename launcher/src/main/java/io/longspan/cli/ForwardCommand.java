package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.AtomicFile;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.NonFinite;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.gradient.GradientFile;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.TensorForward;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Raw tensors in, raw tensors out: the command for parity checks. */
@Command(
        name = "forward",
        description = {
            "Run a checkpoint on a batch of token ids and write what transformers would return.",
            "Input tensors, [batch, length]: input_ids; optional attention_mask, global_attention_mask, token_type_ids,"
                    + " position_ids, labels. Output: hidden_state.0 to hidden_state.n of an encoder; logits and, with"
                    + " labels, loss of a masked language model."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan forward --model model --input inputs.safetensors --output outputs.safetensors --attention loop"
        })
final class ForwardCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Mixin private AttentionOptions attention;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint folder.")
    private Path model;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "Input tensors, safetensors.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "File to write, safetensors.")
    private Path output;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "fp32",
            description = "Only fp32 in this version.")
    private String precision;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "Run the checkpoint as this, instead of what its tensors say: encoder or masked-lm.")
    private @Nullable String task;

    @Option(
            names = "--savings",
            paramLabel = "LIST",
            defaultValue = "all",
            description =
                    "What is left out because the answer is the same without it: all, none, or the ones to keep of"
                            + " folded-globals, needed-rows, dense-path, separated by commas. Default: ${DEFAULT-VALUE}.")
    private String savings;

    @Option(
            names = "--gradients",
            paramLabel = "FILE",
            description =
                    "Also write the gradient of the loss for every parameter that has one, under the checkpoint's names; needs labels and a masked-lm checkpoint.")
    private @Nullable Path gradients;

    @Option(
            names = "--accept-non-finite",
            description =
                    "Run weights that are NaN or infinite as they are, with a warning, instead of refusing the checkpoint; not together with --gradients.")
    private boolean acceptNonFinite;

    @Override
    public Integer call() {
        Console console = common.console();
        if (!precision.equals("fp32")) {
            throw new UsageException(
                    "--precision is '" + precision + "'; this version computes in fp32 only");
        }
        if (acceptNonFinite && gradients != null) {
            throw new UsageException(
                    "--accept-non-finite and --gradients are both given; gradients of weights that are no numbers are none, so give one");
        }
        AtomicFile.check(output);
        if (gradients != null) {
            AtomicFile.check(gradients);
        }
        Task wanted = task == null ? null : Task.of(task);
        AttentionSettings settings = attention.settings(common.configuration());
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                SafetensorsFile tensors = SafetensorsFile.open(input);
                LongformerModel loaded = load(wanted)) {
            requireKnownHead(loaded.task());
            BatchTensors batch = BatchTensors.read(tensors, loaded.config());
            Set<Feature> calls = EnumSet.noneOf(Feature.class);
            calls.addAll(batch.tokens().layout().features());
            if (gradients != null) {
                calls.add(Feature.GRADIENTS);
            }
            var needs = AttentionNeeds.of(loaded.config(), calls, Device.Kind.CPU);
            try (SelectedBackend backend = BackendChooser.open(registry, settings, needs)) {
                long begin = System.nanoTime();
                List<String> written = TensorForward.run(loaded, batch, backend.backend(), output);
                double seconds = (System.nanoTime() - begin) / 1e9;
                if (gradients != null) {
                    try (TrainableModel trainable = TrainableModel.open(model, Progress.none())) {
                        GradientFile.write(trainable, batch, backend.backend(), gradients);
                    }
                }
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("output", output.toString());
                json.put("tensors", written);
                json.put("task", loaded.task().key());
                json.put("backend", backend.name());
                json.put("backendVersion", backend.version());
                json.put("tokens", batch.tokens().layout().tokens());
                json.put("seconds", seconds);
                console.result(
                        json,
                        String.format(
                                Locale.ROOT,
                                "%s: %s (%d tokens, %s attention, %.3f s)",
                                output,
                                String.join(", ", written),
                                batch.tokens().layout().tokens(),
                                backend.name(),
                                seconds));
            }
            return 0;
        }
    }

    private LongformerModel load(@Nullable Task wanted) {
        try (ProgressLine progress = new ProgressLine("load")) {
            return LongformerModel.open(
                    model,
                    wanted,
                    acceptNonFinite ? NonFinite.ACCEPT : NonFinite.REFUSE,
                    ExactSavings.of(savings),
                    progress);
        }
    }

    private void requireKnownHead(Task found) {
        switch (found) {
            case ENCODER, MASKED_LM -> {}
            case SEQUENCE_CLASSIFICATION,
                    QUESTION_ANSWERING,
                    TOKEN_CLASSIFICATION,
                    MULTIPLE_CHOICE ->
                    throw new UsageException(
                            "'"
                                    + model
                                    + "' is a "
                                    + found.key()
                                    + " checkpoint; this version runs encoder and masked-lm: add --task encoder to run it without its head");
        }
    }
}
