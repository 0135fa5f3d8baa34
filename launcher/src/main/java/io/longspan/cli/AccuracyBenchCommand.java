package io.longspan.cli;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.bench.AccuracyBench;
import io.longspan.bench.AccuracyRequest;
import io.longspan.bench.AccuracyResult;
import io.longspan.bench.AccuracyRow;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import io.longspan.model.linear.LinearPrecision;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What speed costs in answers. */
@Command(
        name = "accuracy",
        description = {
            "Hold packed linear layers of each precision against the engine's linear in float32, on real text:",
            "token embeddings, and the tokens that are guessed for hidden ones."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan bench accuracy --model runs/books/step-00000300 --texts demo/books --outliers 20,4 --json"
        })
final class AccuracyBenchCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint folder with its tokenizer.")
    private Path model;

    @Option(
            names = "--texts",
            required = true,
            paramLabel = "PATH",
            description = "A text file, or a folder of files that end in .txt.")
    private Path texts;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description = "Only this precision: ${COMPLETION-CANDIDATES}. Default: all.")
    private @Nullable LinearPrecision precision;

    @Option(
            names = "--tokens",
            defaultValue = "16384",
            paramLabel = "N",
            description =
                    "About as many tokens are read, in blocks from everywhere in the texts. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--length",
            defaultValue = "4096",
            paramLabel = "N",
            description =
                    "Tokens of a block, if the model reads as many. Default: ${DEFAULT-VALUE}.")
    private int length;

    @Option(
            names = "--mask",
            defaultValue = "0.15",
            paramLabel = "SHARE",
            description = "Share of the tokens that are hidden. Default: ${DEFAULT-VALUE}.")
    private double mask;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Of hidden tokens and outlier channels. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--outliers",
            paramLabel = "FACTOR,CHANNELS",
            description =
                    "First put so many channels into every layer that are about so many times as large as the others, without changing what the model computes in exact arithmetic.")
    private @Nullable String outliers;

    @Override
    public Integer call() {
        Console console = common.console();
        AttentionSettings settings = attention.settings(common.configurationForMeasuring());
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins())) {
            AccuracyResult result =
                    new AccuracyBench(registry, settings, console::note).run(request());
            console.result(result, text(result));
        }
        return 0;
    }

    private AccuracyRequest request() {
        try {
            return new AccuracyRequest(
                    model,
                    texts,
                    precision == null ? List.of(LinearPrecision.values()) : List.of(precision),
                    tokens,
                    length,
                    mask,
                    seed,
                    outliers == null ? null : outliers(outliers));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static AccuracyRequest.Outliers outliers(String text) {
        String[] parts = text.split(",", -1);
        try {
            if (parts.length == 2) {
                return new AccuracyRequest.Outliers(
                        Double.parseDouble(parts[0].strip()), Integer.parseInt(parts[1].strip()));
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new UsageException(
                "--outliers is '"
                        + text
                        + "'; it must be a factor and a number of channels, such as 20,4");
    }

    private static String text(AccuracyResult result) {
        Table table =
                new Table(
                        "precision",
                        "relative error",
                        "largest difference",
                        "cosine, mean",
                        "1st percentile",
                        "same guess",
                        "right guess",
                        "note");
        for (AccuracyRow row : result.rows()) {
            table.row(
                    row.precision(),
                    String.format(Locale.ROOT, "%.2e", row.relativeError()),
                    String.format(Locale.ROOT, "%.2e", row.largestDifference()),
                    String.format(Locale.ROOT, "%.6f", row.cosineMean()),
                    String.format(Locale.ROOT, "%.6f", row.cosineFirstPercentile()),
                    percent(row.agreement()),
                    percent(row.accuracy()),
                    row.fallback() == null ? "" : row.fallback());
        }
        StringBuilder text = new StringBuilder().append(table);
        text.append(
                String.format(
                        Locale.ROOT,
                        "%n%nagainst the engine's linear in fp32 (right guess: %s), %,d tokens in %d blocks, %,d of them hidden, %s attention, %s",
                        percent(result.accuracy()),
                        result.tokens(),
                        result.sequences(),
                        result.hidden(),
                        result.backend(),
                        result.cpu()));
        if (result.variantError() != null) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%nwith and without outliers, both on the engine's linear: relative error %.2e, same guess %s",
                            result.variantError(),
                            percent(result.variantAgreement())));
        }
        return text.toString();
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }
}
