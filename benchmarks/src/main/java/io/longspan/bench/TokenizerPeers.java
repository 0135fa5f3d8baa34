package io.longspan.bench;

import io.longspan.bench.TokenizerBenchResult.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Hugging Face's tokenizers in a Python of its own. */
final class TokenizerPeers {
    private static final String SCRIPT = "tokenizer_peers.py";

    private TokenizerPeers() {}

    /**
     * Times the peers.
     *
     * @param ids SHA-256 of our ids
     */
    static List<Peer> measure(
            TokenizerBenchRequest asked, Path python, String ids, Consumer<String> progress) {
        try {
            Path folder = Files.createTempDirectory("longspan-peers");
            Path script = folder.resolve(SCRIPT);
            Path listed = folder.resolve("texts");
            try {
                copyScript(script);
                Files.write(
                        listed,
                        asked.texts().stream()
                                .map(text -> text.toAbsolutePath().toString())
                                .toList());
                progress.accept("timing tokenizers in " + python);
                return parse(
                        run(
                                List.of(
                                        python.toString(),
                                        script.toString(),
                                        asked.tokenizer().toAbsolutePath().toString(),
                                        listed.toString(),
                                        Integer.toString(asked.runs()))),
                        ids);
            } finally {
                Files.deleteIfExists(script);
                Files.deleteIfExists(listed);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "python '" + python + "' cannot run the peer: " + e.getMessage(), e);
        }
    }

    private static List<String> run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
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

    /** One way to call it per line. */
    static List<Peer> parse(List<String> lines, String ids) {
        List<Peer> peers = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            if (parts.length < 3) {
                throw new IllegalArgumentException(
                        "a peer said '" + line + "'; a line is name, version, digest and seconds");
            }
            peers.add(
                    parts.length == 3
                            ? new Peer(parts[0], parts[1], null, false, parts[2])
                            : new Peer(
                                    parts[0],
                                    parts[1],
                                    Timing.of(
                                            Arrays.stream(parts)
                                                    .skip(3)
                                                    .mapToDouble(Double::parseDouble)
                                                    .toArray()),
                                    parts[2].equals(ids),
                                    ""));
        }
        return peers;
    }

    private static void copyScript(Path to) throws IOException {
        try (InputStream in = TokenizerPeers.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IOException("script '" + SCRIPT + "' is not in the jar");
            }
            Files.write(to, in.readAllBytes());
        }
    }
}
