package io.longspan.bench;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.tokenizer.CorpusTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The tokenizer of corpora on whole texts in memory, on one thread and on several, and Hugging
 * Face's tokenizers on the same texts on one thread.
 */
public final class TokenizerBench {
    private static final double NANOS = 1e9;

    private final Consumer<String> progress;

    /** Tells what it is at. */
    public TokenizerBench(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @throws ModelInputException when a text or the tokenizer cannot be read
     * @throws IllegalArgumentException when Python cannot run the peer
     */
    public TokenizerBenchResult run(TokenizerBenchRequest asked) {
        CorpusTokenizer tokenizer = CorpusTokenizer.open(asked.tokenizer());
        List<String> texts = asked.texts().stream().map(TokenizerBench::text).toList();
        long bytes = 0;
        long tokens = 0;
        // The first pass warms up, and says what the ids are.
        MessageDigest digest = sha256();
        for (String text : texts) {
            int[] ids = tokenizer.encode(text);
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
            tokens += ids.length;
            digest.update(littleEndian(ids));
        }
        String ids = HexFormat.of().formatHex(digest.digest());
        progress.accept("tokenising on one thread");
        Timing one = time(tokenizer, texts, tokens, 1, asked.runs());
        progress.accept("tokenising on " + asked.threads() + " threads");
        Timing all = time(tokenizer, texts, tokens, asked.threads(), asked.runs());
        Path python = asked.python();
        return new TokenizerBenchResult(
                texts.size(),
                bytes,
                tokens,
                one,
                all,
                asked.threads(),
                python == null ? List.of() : TokenizerPeers.measure(asked, python, ids, progress));
    }

    private static Timing time(
            CorpusTokenizer tokenizer, List<String> texts, long tokens, int threads, int runs) {
        double[] seconds = new double[runs];
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            for (int run = 0; run < runs; run++) {
                long begin = System.nanoTime();
                long made = encode(tokenizer, texts, workers, threads);
                seconds[run] = (System.nanoTime() - begin) / NANOS;
                if (made != tokens) {
                    throw new IllegalStateException(
                            "a run gave " + made + " tokens, another " + tokens);
                }
            }
        }
        return Timing.of(seconds);
    }

    /** Each thread takes the next text until there is none. */
    private static long encode(
            CorpusTokenizer tokenizer, List<String> texts, ExecutorService workers, int threads) {
        AtomicInteger next = new AtomicInteger();
        List<Future<Long>> shares =
                IntStream.range(0, threads)
                        .mapToObj(_ ->
                                workers.submit(() -> {
                                    long made = 0;
                                    for (int at = next.getAndIncrement();
                                            at < texts.size();
                                            at = next.getAndIncrement()) {
                                        made += tokenizer.encode(texts.get(at)).length;
                                    }
                                    return made;
                                }))
                        .toList();
        long made = 0;
        try {
            for (Future<Long> share : shares) {
                made += share.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a text could not be tokenised", e.getCause());
        }
        return made;
    }

    private static byte[] littleEndian(int[] ids) {
        ByteBuffer bytes =
                ByteBuffer.allocate(ids.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(ids);
        return bytes.array();
    }

    private static String text(Path file) {
        InputFiles.size(file);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
