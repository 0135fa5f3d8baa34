package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.bulk.BulkInput;
import io.longspan.model.bulk.BulkOutput;
import io.longspan.model.bulk.BulkProgress;
import io.longspan.model.bulk.BulkPublisher;
import io.longspan.model.bulk.BulkReport;
import io.longspan.model.bulk.BulkRun;
import io.longspan.model.bulk.BulkTask;
import io.longspan.model.bulk.FileDigest;
import io.longspan.model.checkpoint.NonFinite;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that bulk commands share, and the run itself. */
final class BulkModel {
    @Mixin private AttentionOptions attention;
    @Mixin private SessionPrecision precision;
    @Mixin private BulkFiles files;
    @Mixin private BulkOptions options;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint folder with its tokenizer.")
    private Path folder;

    /**
     * Asks about every document and prints what came of it.
     *
     * @param common of the command
     * @param task that the checkpoint has to have, or null for any
     * @param columns of the answers, in DuckDB's types
     * @param question what is asked of a session
     */
    <A> int run(
            CommonOptions common,
            @Nullable Task task,
            Map<String, String> columns,
            Function<InferenceSession, BulkTask<A>> question) {
        Console console = common.console();
        BulkPublisher publisher = files.publisher(columns);
        AttentionSettings settings = attention.settings(common.configuration());
        BulkInput input = files.open();
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                RobertaTokenizer tokenizer = RobertaTokenizer.open(folder);
                LongformerModel model = load()) {
            if (task != null && model.task() != task) {
                throw new UsageException(
                        "'"
                                + folder
                                + "' is a "
                                + model.task().key()
                                + " model; name a "
                                + task.key()
                                + " model with --model");
            }
            var needs = InferenceSession.needs(model.config(), Device.Kind.CPU);
            try (SelectedBackend backend =
                    BackendChooser.open(registry, settings, needs, model.crew())) {
                InferenceSession session =
                        new InferenceSession(model, tokenizer, backend.backend());
                BulkRun<A> run =
                        new BulkRun<>(
                                question.apply(session),
                                tokenizer,
                                session.longest(),
                                options.settings(session.longest()));
                Map<String, String> identity =
                        run.identity(
                                input,
                                Map.of(
                                        "model", FileDigest.ofModel(folder),
                                        "attention", backend.name() + " " + backend.version(),
                                        "precision", precision.name()));
                try (BulkOutput output =
                                BulkOutput.open(
                                        files.output(), identity, files.start(), publisher);
                        ProgressLine line = new ProgressLine("documents")) {
                    print(console, run.run(input, output, pace(line)), model, backend);
                }
            }
            return 0;
        }
    }

    private static BulkProgress pace(ProgressLine line) {
        long begin = System.nanoTime();
        return (documents, tokens, done, size) -> {
            double seconds = (System.nanoTime() - begin) / 1e9;
            line.advance(
                    String.format(
                            Locale.ROOT,
                            "%,.1f documents/s, %,.0f tokens/s",
                            documents / seconds,
                            tokens / seconds),
                    done,
                    size);
        };
    }

    private LongformerModel load() {
        ModelOptions how =
                new ModelOptions(null, NonFinite.REFUSE, ExactSavings.all(), precision.choice());
        try (ProgressLine progress = new ProgressLine("load")) {
            return LongformerModel.open(folder, how, progress);
        }
    }

    private void print(
            Console console, BulkReport report, LongformerModel model, SelectedBackend backend) {
        var counts = report.counts();
        counts.named().forEach(place -> console.note("left out: " + place));
        long left = counts.bad() + counts.tooLong();
        if (left > counts.named().size()) {
            console.note("left out: " + (left - counts.named().size()) + " more");
        }
        model.linearFallback().ifPresent(reason -> console.note("linear layers: " + reason));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("output", files.output().toString());
        json.put("written", counts.written());
        json.put("bad", counts.bad());
        json.put("too_long", counts.tooLong());
        json.put("cut", counts.cut());
        json.put("windows", counts.windows());
        json.put("tokens", counts.tokens());
        json.put("left_out", counts.named());
        json.put("resumed", report.resumed());
        json.put("seconds", report.seconds());
        json.put("documents_per_second", report.documents() / report.seconds());
        json.put("tokens_per_second", report.tokens() / report.seconds());
        json.put("backend", backend.name());
        json.put("backend_version", backend.version());
        json.put("precision", precision.name());
        model.linearFallback().ifPresent(reason -> json.put("linear_fallback", reason));
        console.result(
                json,
                String.format(
                        Locale.ROOT,
                        "%s: %,d documents%s, %,d bad and %,d too long left out, %,d cut; %,d tokens, %,.0f tokens/s, %.1f documents/s, %s attention, %s",
                        files.output(),
                        counts.written(),
                        report.resumed() == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT, " (%,d of an earlier run)", report.resumed()),
                        counts.bad(),
                        counts.tooLong(),
                        counts.cut(),
                        counts.tokens(),
                        report.tokens() / report.seconds(),
                        report.documents() / report.seconds(),
                        backend.name(),
                        precision.name()));
    }
}
