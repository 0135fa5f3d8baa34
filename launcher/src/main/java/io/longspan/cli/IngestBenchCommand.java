package io.longspan.cli;

import io.longspan.bench.PeakMemory;
import io.longspan.bench.TokenizerBench;
import io.longspan.bench.TokenizerBenchRequest;
import io.longspan.bench.TokenizerBenchResult;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.corpus.Manifest;
import io.longspan.ingest.Corpus;
import io.longspan.ingest.Ingest;
import io.longspan.ingest.IngestOutcome;
import io.longspan.ingest.IngestProgress;
import io.longspan.ingest.IngestRequest;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast corpora become shards. */
@Command(
        name = "ingest",
        description = {
            "Time an ingest from the source to the complete data set, and where the source is .txt files also the",
            "tokenizer alone on the same texts and, with --python, Hugging Face's tokenizers. Nothing is kept."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan bench ingest --corpus books --source books --python PATH --json"
        })
final class IngestBenchCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;

    @Mixin private CommonOptions common;

    @Option(
            names = "--corpus",
            defaultValue = "books",
            paramLabel = "NAME",
            description = "Kind of the source, as of ingest run. Default: ${DEFAULT-VALUE}.")
    private String corpus;

    @Option(
            names = "--source",
            paramLabel = "PATH",
            description = "File or folder to read. Default: the books that come along.")
    private @Nullable Path source;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Folder of the tokenizer. Default: RoBERTa's, which comes along.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--threads",
            paramLabel = "K",
            description = "Workers of the ingest. Default: one per processor.")
    private @Nullable Integer threads;

    @Option(
            names = "--runs",
            defaultValue = "3",
            paramLabel = "N",
            description =
                    "Timed runs of each, after one that is not timed. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--python",
            paramLabel = "PATH",
            description = "Interpreter with tokenizers, for the peer.")
    private @Nullable Path python;

    @Override
    public Integer call() throws IOException {
        Console console = common.console();
        Corpus kind = Corpus.named(corpus);
        if (runs < 1 || runs > 1000) {
            throw new UsageException("--runs is " + runs + "; it must be from 1 to 1000");
        }
        Path from = source == null ? DistributionFiles.demo().resolve("books") : source;
        Path words = tokenizer == null ? IngestOptions.shipped() : tokenizer;
        Optional<TokenizerBenchResult> alone = alone(kind, from, words, console);
        PeakMemory.resetMost();
        IngestBenchView view = ingest(kind, from, words, alone, console);
        console.result(view.json(), view.text());
        return 0;
    }

    private int workers() {
        return threads == null ? Machine.threads() : threads;
    }

    /** The tokenizer alone, where the texts of the source are its files. */
    private Optional<TokenizerBenchResult> alone(
            Corpus kind, Path from, Path words, Console console) throws IOException {
        List<Path> texts = kind == Corpus.BOOKS || kind == Corpus.TEXT ? texts(from) : List.of();
        if (texts.isEmpty()) {
            if (python != null) {
                throw new UsageException(
                        "--python is given, but '"
                                + from
                                + "' is no source of .txt files; take --corpus books or text for the peer");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new TokenizerBench(console::note)
                            .run(new TokenizerBenchRequest(words, texts, workers(), runs, python)));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Path> texts(Path from) throws IOException {
        if (!Files.isDirectory(from)) {
            return from.toString().endsWith(".txt") ? List.of(from) : List.of();
        }
        try (Stream<Path> files = Files.walk(from)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        }
    }

    private IngestBenchView ingest(
            Corpus kind,
            Path from,
            Path words,
            Optional<TokenizerBenchResult> alone,
            Console console)
            throws IOException {
        Path folder = Files.createTempDirectory("longspan-bench");
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            Ingest ingest = Ingest.open(store);
            List<Double> seconds = new ArrayList<>();
            List<Manifest> made = new ArrayList<>();
            for (int run = 0; run <= runs; run++) {
                console.note(run == 0 ? "a first ingest" : "ingest " + run + " of " + runs);
                Path out = folder.resolve("run-" + run);
                IngestRequest request =
                        IngestRequest.of(kind, from, out, words).withWorkers(workers());
                long begin = System.nanoTime();
                IngestOutcome outcome = ingest.run(request, IngestProgress.none(), () -> false);
                double taken = (System.nanoTime() - begin) / NANOS;
                if (run > 0) {
                    seconds.add(taken);
                    made.add(((IngestOutcome.Complete) outcome).manifest());
                }
                delete(out);
            }
            return new IngestBenchView(
                    made.getFirst(), seconds, workers(), alone, PeakMemory.most());
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
