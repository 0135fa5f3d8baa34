package io.longspan.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The same layer in Python: torch's dense attention and transformers' Longformer. The script writes
 * a line per peer: name, version, then the seconds of its runs, or a word why there are none.
 */
final class PythonPeers {
    private static final String SCRIPT = "attention_peers.py";
    private static final int MOST_MINUTES = 20;

    private PythonPeers() {}

    static List<AttentionBench.Measured> measure(
            Path python, AttentionBenchRequest asked, Consumer<String> progress) {
        Path script = null;
        try {
            script = Files.createTempFile("longspan-peers", ".py");
            copyScript(script);
            progress.accept("timing the peers in " + python);
            return parse(run(command(python, script, asked)));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "python '" + python + "' cannot run the peers: " + e.getMessage(), e);
        } finally {
            deleteQuietly(script);
        }
    }

    private static List<String> command(Path python, Path script, AttentionBenchRequest asked) {
        List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
        int[] numbers = {
            asked.tokens(),
            asked.window(),
            asked.globals(),
            asked.heads(),
            asked.headSize(),
            asked.threads(),
            asked.runs()
        };
        Arrays.stream(numbers).mapToObj(Integer::toString).forEach(command::add);
        return command;
    }

    private static List<String> run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("it ended with code " + process.exitValue());
            }
            return said.lines().toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** One contender per line. */
    static List<AttentionBench.Measured> parse(List<String> lines) {
        List<AttentionBench.Measured> peers = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            if (parts.length < 3) {
                throw new IllegalArgumentException(
                        "a peer said '" + line + "'; a line is name, version and seconds");
            }
            boolean timed = parts[2].matches("[0-9].*");
            double[] seconds =
                    timed
                            ? Arrays.stream(parts)
                                    .skip(2)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray()
                            : new double[0];
            peers.add(
                    new AttentionBench.Measured(
                            parts[0],
                            parts[1],
                            timed ? "" : parts[2],
                            timed ? Timing.of(seconds) : null,
                            null,
                            null));
        }
        return peers;
    }

    private static void copyScript(Path to) throws IOException {
        try (InputStream in = PythonPeers.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IOException("script '" + SCRIPT + "' is not in the jar");
            }
            Files.write(to, in.readAllBytes());
        }
    }

    private static void deleteQuietly(@Nullable Path script) {
        if (script == null) {
            return;
        }
        try {
            Files.deleteIfExists(script);
        } catch (IOException left) {
            script.toFile().deleteOnExit();
        }
    }
}
