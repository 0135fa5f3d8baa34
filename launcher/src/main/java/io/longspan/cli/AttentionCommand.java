package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.inspect.AttentionInspector;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which tokens a token attends to. */
@Command(
        name = "attention",
        description = {
            "Show which tokens a token attends to in one layer and head, and by how much.",
            "A local token weighs its window and the global tokens together; a global token weighs every unmasked token."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan attention --model model --text \"The old house stood by the sea.\" --layer 0 --head 0 --token 3",
            "Example: longspan attention --model model --input inputs.safetensors --layer 2 --head 1 --token 0 --top 20 --json"
        })
final class AttentionCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Mixin private AttentionOptions attention;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint folder; with its tokenizer for --text.")
    private Path folder;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(names = "--layer", required = true, paramLabel = "L", description = "Layer, from 0.")
    private int layer;

    @Option(names = "--head", required = true, paramLabel = "H", description = "Head, from 0.")
    private int head;

    @Option(
            names = "--token",
            required = true,
            paramLabel = "T",
            description = "Token whose attention is shown: its position in the sequence, from 0.")
    private int token;

    @Option(
            names = "--sequence",
            paramLabel = "B",
            defaultValue = "0",
            description = "Sequence of the input's batch, from 0. Default: ${DEFAULT-VALUE}.")
    private int sequence;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "10",
            description = "How many tokens to show, strongest first. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Option(
            names = "--global",
            paramLabel = "TOKENS",
            description =
                    "Global tokens of --text: none, first, or positions such as 0,4,9. Default: none for a masked-lm"
                            + " checkpoint, as it was pretrained, first for others.")
    private @Nullable String global;

    /** Where the tokens come from. */
    private static final class Source {
        @Option(names = "--text", paramLabel = "TEXT", description = "The text.")
        private @Nullable String text;

        @Option(
                names = "--input",
                paramLabel = "FILE",
                description = "Input tensors, safetensors, as for forward.")
        private @Nullable Path input;
    }

    @Override
    public Integer call() {
        if (top < 1) {
            throw new UsageException("--top is " + top + "; it must be at least 1");
        }
        AttentionSettings settings = attention.settings(common.configuration());
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                LongformerModel model = load();
                Tokens tokens = new Tokens(tokenizer())) {
            TokenBatch batch = batch(model, tokens.tokenizer());
            SequenceLayout layout = batch.layout();
            int row = layout.start(within("--sequence", sequence, layout.sequences()));
            row += within("--token", token, layout.length(sequence));
            var needs = AttentionNeeds.of(model.config(), layout.features(), Device.Kind.CPU);
            try (SelectedBackend backend =
                    BackendChooser.open(registry, settings, needs, model.crew())) {
                AttendedRow found =
                        new AttentionInspector(model, backend.backend())
                                .rows(batch, layer, List.of(head), List.of(row))
                                .getFirst();
                AttentionView view =
                        new AttentionView(
                                layer,
                                found,
                                top,
                                Arrays.copyOfRange(
                                        batch.ids(), layout.start(sequence), layout.end(sequence)),
                                tokens.tokenizer());
                common.console().result(view.json(), view.text());
            }
            return 0;
        }
    }

    /** A tokenizer that may be missing. */
    private record Tokens(Optional<RobertaTokenizer> tokenizer) implements AutoCloseable {
        @Override
        public void close() {
            tokenizer.ifPresent(RobertaTokenizer::close);
        }
    }

    private LongformerModel load() {
        try (ProgressLine progress = new ProgressLine("load")) {
            return LongformerModel.open(folder, progress);
        }
    }

    /** Needed for a text; for ids only to show what they are. */
    private Optional<RobertaTokenizer> tokenizer() {
        boolean there =
                Files.exists(folder.resolve("tokenizer.json"))
                        || Files.exists(folder.resolve("vocab.json"));
        return source.text != null || there
                ? Optional.of(RobertaTokenizer.open(folder))
                : Optional.empty();
    }

    private TokenBatch batch(LongformerModel model, Optional<RobertaTokenizer> tokenizer) {
        if (source.input != null) {
            if (global != null) {
                throw new UsageException(
                        "--global goes with --text; in '"
                                + source.input
                                + "' the tensor global_attention_mask says which tokens are global");
            }
            try (SafetensorsFile file = SafetensorsFile.open(source.input)) {
                return BatchTensors.read(file, model.setup()).tokens();
            }
        }
        int[] ids = tokenizer.orElseThrow().encode(Objects.requireNonNull(source.text)).ids();
        SequenceLayout layout =
                SequenceLayout.allLocal(ids.length).withGlobals(globals(model, ids.length));
        return TokenBatch.of(model.config(), IntStream.of(ids).asLongStream().toArray(), layout);
    }

    private int[] globals(LongformerModel model, int length) {
        boolean first = model.config().hasGlobalAttention() && model.task() != Task.MASKED_LM;
        String asked = global == null ? (first ? "first" : "none") : global.strip();
        if (asked.equals("none")) {
            return new int[0];
        }
        if (!model.config().hasGlobalAttention()) {
            throw new UsageException(
                    "--global is '"
                            + asked
                            + "' and '"
                            + folder
                            + "' has no global attention; leave it out, or convert the checkpoint with longspan convert");
        }
        if (asked.equals("first")) {
            return new int[] {0};
        }
        return Arrays.stream(asked.split(",", -1))
                .map(String::strip)
                .mapToInt(position -> {
                    if (!position.matches("[0-9]{1,9}")) {
                        throw new UsageException(
                                "--global is '"
                                        + asked
                                        + "'; it must be none, first, or positions from 0, separated by commas");
                    }
                    return within("--global", Integer.parseInt(position), length);
                })
                .toArray();
    }

    private static int within(String option, int index, int count) {
        if (index < 0 || index >= count) {
            throw new UsageException(
                    option + " is " + index + "; here it must be from 0 to " + (count - 1));
        }
        return index;
    }
}
