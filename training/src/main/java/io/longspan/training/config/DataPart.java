package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;

/**
 * A data set that a run reads.
 *
 * @param name in metrics and messages
 * @param path where it lies, for whoever opens it; not read here
 * @param weight its share of the sequences, as a multiple of the others' weights
 */
public record DataPart(String name, Path path, double weight) {
    /**
     * Checks.
     *
     * @throws ModelInputException when the weight is not allowed
     */
    public DataPart {
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new ModelInputException(
                    "training setting 'data' gives '"
                            + name
                            + "' the weight "
                            + weight
                            + "; it must be above 0");
        }
    }

    static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
