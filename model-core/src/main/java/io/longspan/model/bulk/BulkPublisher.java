package io.longspan.model.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gives a finished output its name. */
@FunctionalInterface
public interface BulkPublisher {
    /**
     * Makes the output of the answers, in one step, replacing what has its name. Called again after
     * a kill, as long as the answers are there.
     *
     * @param lines the answers as JSON lines; may be moved away
     * @param target the output
     */
    void publish(Path lines, Path target) throws IOException;

    /** The answers themselves. */
    static BulkPublisher lines() {
        return (lines, target) ->
                Files.move(
                        lines,
                        target,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
    }
}
