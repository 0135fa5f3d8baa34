package io.longspan.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.Device;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.attention.registry.SelectionReport;
import io.longspan.attention.registry.SelectionRow;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import io.longspan.model.Progress;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo's work. The model is small and its weights are random, so its answers mean nothing; that
 * they are the same on every backend is the point.
 *
 * @param files folder with the books and the tokenizer
 * @param work folder for the checkpoints; made anew each time
 * @param settings of attention
 * @param console hears what is being done
 */
record Demo(Path files, Path work, AttentionSettings settings, Console console) {
    /** Tokens that the converted model reads. */
    static final int POSITIONS = 4096;

    private static final int WINDOW = 256;
    private static final int SEED = 1;
    private static final String REFERENCE = "loop";
    private static final String BOOK = "pg11_alice_in_wonderland.txt";

    /**
     * A book that was tokenised.
     *
     * @param name of the file
     * @param characters of the text
     * @param tokens of the text
     */
    record Book(String name, int characters, int tokens) {}

    /**
     * One backend's run.
     *
     * @param backend name
     * @param version of the backend
     * @param seconds of the second of two runs
     * @param ratio of the seconds to those of the fastest
     * @param difference largest absolute difference of the last hidden state from the reference's
     */
    record Run(String backend, String version, double seconds, double ratio, double difference) {}

    /**
     * What the demo did.
     *
     * @param books tokenised
     * @param conversion of the model
     * @param tokens that the model read
     * @param runs per backend, the reference first
     * @param left backends that did not run, with the reason
     */
    record Result(
            List<Book> books,
            LongformerConversion.Result conversion,
            int tokens,
            List<Run> runs,
            List<String> left) {}

    Result run(@Nullable String only, int tokens) throws IOException {
        Path roberta = fresh("roberta");
        Path longformer = fresh("longformer");
        console.note("1. tokenise three public-domain books");
        List<Book> books = new ArrayList<>();
        long[] ids = tokenise(books);
        console.note(
                "2. make a small RoBERTa with random weights and convert it to "
                        + POSITIONS
                        + " positions");
        RandomCheckpoint.write(
                Presets.get("roberta-tiny"),
                SEED,
                roberta,
                files.resolve("tokenizer"),
                Progress.none());
        LongformerConversion.Result conversion =
                LongformerConversion.convert(
                        roberta, longformer, POSITIONS, WINDOW, Progress.none(), made -> {});
        console.note("3. read " + tokens + " tokens of a book, <s> global, on every backend");
        List<Run> runs = new ArrayList<>();
        List<String> left = new ArrayList<>();
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                LongformerModel model = LongformerModel.open(longformer, null, Progress.none())) {
            TokenBatch batch =
                    TokenBatch.of(
                            model.config(),
                            Arrays.copyOf(ids, tokens),
                            SequenceLayout.allLocal(tokens).withGlobals(0));
            List<Workload> needs =
                    AttentionNeeds.of(model.config(), batch.layout().features(), Device.Kind.CPU);
            compare(registry, model, batch, needs, only, runs, left);
        }
        return new Result(books, conversion, tokens, runs, left);
    }

    private long[] tokenise(List<Book> books) throws IOException {
        long[] wanted = new long[0];
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(files.resolve("tokenizer"));
                Stream<Path> texts = Files.list(files.resolve("books"))) {
            for (Path text : texts.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
                String content = Files.readString(text);
                int[] ids = tokenizer.encode(content).ids();
                books.add(new Book(text.getFileName().toString(), content.length(), ids.length));
                if (text.getFileName().toString().equals(BOOK)) {
                    wanted = Arrays.stream(ids).asLongStream().toArray();
                }
            }
        }
        return wanted;
    }

    private void compare(
            AttentionRegistry registry,
            LongformerModel model,
            TokenBatch batch,
            List<Workload> needs,
            @Nullable String only,
            List<Run> runs,
            List<String> left) {
        if (only != null) {
            registry.named(only);
        }
        SelectionReport report = AttentionBackends.report(registry, settings, needs);
        List<SelectionRow> order = new ArrayList<>(report.rows());
        order.sort(
                (a, b) -> Boolean.compare(b.name().equals(REFERENCE), a.name().equals(REFERENCE)));
        float[] reference = null;
        List<Run> timed = new ArrayList<>();
        for (SelectionRow row : order) {
            if (only != null && !row.name().equals(only) && !row.name().equals(REFERENCE)) {
                continue;
            }
            if (!row.usable()) {
                left.add(row.name() + " " + row.against());
                continue;
            }
            try (SelectedBackend backend =
                    AttentionBackends.open(
                            registry,
                            settings.withBackend(row.name()),
                            needs,
                            Device.CPU,
                            Machine.threads())) {
                long[] nanos = new long[1];
                float[] states = states(model, batch, backend, nanos);
                reference = reference == null ? states : reference;
                timed.add(
                        new Run(
                                row.name(),
                                row.version(),
                                nanos[0] / 1e9,
                                0,
                                difference(reference, states)));
            }
        }
        double best = timed.stream().mapToDouble(Run::seconds).min().orElse(1);
        timed.forEach(r ->
                runs.add(new Run(r.backend, r.version, r.seconds, r.seconds / best, r.difference)));
    }

    /** Runs twice and times the second run: the first one warms up. */
    private static float[] states(
            LongformerModel model, TokenBatch batch, SelectedBackend backend, long[] nanos) {
        float[] states = new float[0];
        for (int run = 0; run < 2; run++) {
            try (NDManager manager = model.newManager()) {
                long begin = System.nanoTime();
                NDArray hidden =
                        model.encoder().forward(batch, backend.backend(), manager); // [T, N]
                nanos[0] = System.nanoTime() - begin;
                states = TensorBridge.floats(hidden);
            }
        }
        return states;
    }

    private static double difference(float[] one, float[] other) {
        double most = 0;
        for (int i = 0; i < one.length; i++) {
            most = Math.max(most, Math.abs(one[i] - other[i]));
        }
        return most;
    }

    private Path fresh(String name) throws IOException {
        Path folder = work.resolve(name);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                for (Path entry : entries.toList()) {
                    Files.delete(entry);
                }
            }
        }
        return folder;
    }

    static String text(Result result) {
        Table books = new Table("book", "characters", "tokens");
        result.books.forEach(
                b -> books.row(b.name, Integer.toString(b.characters), Integer.toString(b.tokens)));
        Table runs = new Table("backend", "seconds", "ratio", "largest difference from the first");
        result.runs.forEach(r ->
                runs.row(
                        r.backend,
                        String.format(Locale.ROOT, "%.3f", r.seconds),
                        String.format(Locale.ROOT, "%.1f x", r.ratio),
                        String.format(Locale.ROOT, "%.1e", r.difference)));
        String left =
                result.left.isEmpty()
                        ? ""
                        : "\n\nnot run: " + String.join("\nnot run: ", result.left);
        return books
                + "\n\nRoBERTa of "
                + result.conversion.sourcePositions()
                + " positions -> Longformer of "
                + result.conversion.positions()
                + ", window "
                + result.conversion.window()
                + "; it read "
                + result.tokens
                + " tokens of a book:\n\n"
                + runs
                + left;
    }
}
