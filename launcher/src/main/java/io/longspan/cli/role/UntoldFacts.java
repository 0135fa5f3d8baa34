package io.longspan.cli.role;

import io.longspan.model.AtomicFile;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file in the folder of a run with what the store does not know yet, a line each. A run that is
 * killed goes on from its last checkpoint and measures again what came after, so the file has to
 * hold what came before.
 */
final class UntoldFacts {
    private static final String NAME = "untold.jsonl";

    private final Path file;

    UntoldFacts(Path output) {
        file = output.resolve(NAME);
    }

    Path file() {
        return file;
    }

    /**
     * What was left, in order.
     *
     * @throws ModelInputException when the file is damaged
     */
    List<RunFact> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream().map(RunFact::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        } catch (RuntimeException e) {
            throw new ModelInputException(
                    "'"
                            + file
                            + "' is damaged ("
                            + e.getMessage()
                            + "); remove it, and the run goes on without the numbers in it",
                    e);
        }
    }

    /** Replaces what is there; removes the file when nothing is left to tell. */
    void write(Collection<RunFact> facts) {
        try {
            if (facts.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be removed", e);
        }
        byte[] lines =
                facts.stream()
                        .map(RunFact::line)
                        .collect(Collectors.joining("\n", "", "\n"))
                        .getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(
                file,
                channel -> {
                    ByteBuffer bytes = ByteBuffer.wrap(lines);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }
}
