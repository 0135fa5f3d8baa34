package io.longspan.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * transformers' Longformer on the same weights and tokens, each peer in a process of its own, so
 * that its memory is its own, too.
 */
final class EncoderPeers {
    /** Precision, eager or compiled. */
    static final List<String> NAMES = List.of("fp32", "bf16", "fp32-compile", "bf16-compile");

    private static final String SCRIPT = "encoder_peers.py";

    private EncoderPeers() {}

    /**
     * Times the peers that were asked for.
     *
     * @param own our last hidden state, [T * N]
     * @param width N
     * @param seconds our median
     */
    static List<EncoderPeer> measure(
            EncoderBenchRequest asked,
            Path python,
            float[] own,
            int width,
            double seconds,
            Consumer<String> progress) {
        List<EncoderPeer> peers = new ArrayList<>();
        try {
            Path folder = Files.createTempDirectory("longspan-peers");
            try {
                Path script = folder.resolve(SCRIPT);
                copyScript(script);
                for (String peer : asked.peers()) {
                    progress.accept("timing transformers in " + peer);
                    Path state = folder.resolve(peer);
                    String line = run(command(python, script, asked, peer, state));
                    peers.add(read(peer, line, state, own, width, seconds));
                    Files.deleteIfExists(state);
                }
            } finally {
                Files.deleteIfExists(folder.resolve(SCRIPT));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "python '" + python + "' cannot run the peers: " + e.getMessage(), e);
        }
        return peers;
    }

    private static List<String> command(
            Path python, Path script, EncoderBenchRequest asked, String peer, Path state) {
        return List.of(
                python.toString(),
                script.toString(),
                asked.model().toString(),
                Integer.toString(asked.tokens()),
                Integer.toString(asked.threads()),
                Integer.toString(asked.runs()),
                peer,
                state.toString());
    }

    private static String run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("it ended with code " + process.exitValue());
            }
            return said.strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static EncoderPeer read(
            String peer, String line, Path state, float[] own, int width, double seconds)
            throws IOException {
        String[] parts = line.split("\t", -1);
        if (parts.length < 3) {
            return new EncoderPeer(
                    peer, parts[0], parts[parts.length - 1], null, -1, null, null, null);
        }
        Timing timing =
                Timing.of(Arrays.stream(parts).skip(2).mapToDouble(Double::parseDouble).toArray());
        float[] theirs = floats(state);
        return new EncoderPeer(
                peer,
                parts[0],
                "",
                timing,
                Long.parseLong(parts[1]),
                timing.medianSeconds() / seconds,
                difference(own, theirs),
                cosine(own, theirs, width));
    }

    private static float[] floats(Path state) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(state));
        float[] floats = new float[bytes.capacity() / Float.BYTES];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    /** The largest difference, over the largest number; infinite when the sizes differ. */
    static double difference(float[] own, float[] theirs) {
        if (own.length != theirs.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < own.length; i++) {
            double error = Math.abs((double) own[i] - theirs[i]);
            worst = Math.max(worst, error); // NaN if there is one
            largest = Math.max(largest, Math.abs(theirs[i]));
        }
        return worst / largest;
    }

    /** The mean over rows of the cosine of the angle between two rows. */
    static double cosine(float[] own, float[] theirs, int width) {
        if (own.length != theirs.length) {
            return Double.NaN;
        }
        double sum = 0;
        for (int row = 0; row < own.length; row += width) {
            double product = 0;
            double one = 0;
            double other = 0;
            for (int i = row; i < row + width; i++) {
                product += (double) own[i] * theirs[i];
                one += (double) own[i] * own[i];
                other += (double) theirs[i] * theirs[i];
            }
            sum += product / Math.sqrt(one * other);
        }
        return sum / (own.length / width);
    }

    private static void copyScript(Path to) throws IOException {
        try (InputStream in = EncoderPeers.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IOException("script '" + SCRIPT + "' is not in the jar");
            }
            Files.write(to, in.readAllBytes());
        }
    }
}
