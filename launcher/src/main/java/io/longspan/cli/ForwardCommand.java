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
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.gradient.GradientFile;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.head.SpanReading;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
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
            "Input tensors, [batch, length], or [batch, choices, length] for multiple choice: input_ids; optional"
                    + " attention_mask, global_attention_mask, token_type_ids, position_ids, labels; start_positions and"
                    + " end_positions for question answering.",
            "Output: hidden_state.0 to hidden_state.n of an encoder; logits of a head (start_logits and end_logits for"
                    + " question answering) and, with labels, loss."
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

    @Mixin private LinearOptions linear;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "Run the checkpoint as this, instead of what its tensors say: encoder, masked-lm, sequence-classification, question-answering, token-classification or multiple-choice.")
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
                    "Also write the gradient of the loss for every parameter that has one, under the checkpoint's names; needs labels.")
    private @Nullable Path gradients;

    @Option(
            names = "--globals",
            paramLabel = "RULE",
            description =
                    "Tokens that are global when the input has no global_attention_mask: none, first-token, before-first-separator, second-segment, or places such as 0,17. Without it: what the checkpoint stores as global_tokens, or else its task's rule.")
    private @Nullable String globals;

    @Option(
            names = "--answer-loss",
            paramLabel = "READING",
            defaultValue = "hf",
            description =
                    "Tokens that compete in the loss of question answering: hf (default) counts pads as Hugging Face does, packed does not.")
    private String answerLoss;

    @Option(
            names = "--accept-non-finite",
            description =
                    "Run weights that are NaN or infinite as they are, with a warning, instead of refusing the checkpoint; not together with --gradients.")
    private boolean acceptNonFinite;

    @Override
    public Integer call() {
        Console console = common.console();
        if (linear.choice() != null && gradients != null) {
            throw new UsageException(
                    "--gradients is given with packed linear layers, and nothing goes back through them; leave --packed out and use --precision fp32");
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
            BatchTensors batch = BatchTensors.read(tensors, setup(loaded));
            Set<Feature> calls = EnumSet.noneOf(Feature.class);
            calls.addAll(batch.tokens().layout().features());
            if (gradients != null) {
                calls.add(Feature.GRADIENTS);
            }
            var needs = AttentionNeeds.of(loaded.config(), calls, Device.Kind.CPU);
            try (SelectedBackend backend =
                    BackendChooser.open(registry, settings, needs, loaded.crew())) {
                long begin = System.nanoTime();
                List<String> written = TensorForward.run(loaded, batch, backend.backend(), output);
                double seconds = (System.nanoTime() - begin) / 1e9;
                if (gradients != null) {
                    try (TrainableModel trainable =
                            TrainableModel.open(model, wanted, null, Progress.none())) {
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
                json.put("precision", linear.precision());
                loaded.linearFallback().ifPresent(reason -> json.put("linearFallback", reason));
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
                    new ModelOptions(
                            wanted,
                            acceptNonFinite ? NonFinite.ACCEPT : NonFinite.REFUSE,
                            ExactSavings.of(savings),
                            linear.choice(),
                            null),
                    progress);
        }
    }

    private TaskSetup setup(LongformerModel loaded) {
        TaskSetup setup = loaded.setup().withReading(SpanReading.of(answerLoss));
        return globals == null ? setup : setup.withGlobals(GlobalPolicy.parse(globals));
    }
}
