package io.longspan.serving.model;

import io.longspan.model.Quoted;
import io.longspan.serving.ServingException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Folders out of which clients may have models loaded.
 *
 * @param roots none lets them load nothing
 */
public record ModelRoots(List<Path> roots) {
    /**
     * The folder that a client means: beneath a root, with links followed.
     *
     * @param folder absolute, or relative to a root
     * @throws ServingException when it lies elsewhere or is not there
     */
    public Path resolve(String folder) {
        for (Path root : roots) {
            try {
                Path allowed = root.toRealPath();
                Path meant = allowed.resolve(folder).toRealPath();
                if (meant.startsWith(allowed) && !meant.equals(allowed)) {
                    return meant;
                }
            } catch (IOException | InvalidPathException e) {
                // Not beneath this one; the sentence below is for all of them.
            }
        }
        throw new ServingException(
                "folder "
                        + Quoted.of(folder)
                        + " is in none of the folders that models may be loaded from; put it into one, or name it relative to one: "
                        + roots);
    }
}
