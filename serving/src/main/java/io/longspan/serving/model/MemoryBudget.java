package io.longspan.serving.model;

import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.infer.MemoryEstimate;
import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.ServingException;

/**
 * Memory that all models together may be expected to take.
 *
 * @param bytes at most
 * @param batchTokens of the largest batch, unless a model reads more
 */
record MemoryBudget(long bytes, int batchTokens) {
    private static final int MEBIBYTE = 20;

    /**
     * Memory that a checkpoint is expected to take, by its configuration and its tensors' headers.
     *
     * @throws io.longspan.model.ModelInputException when it cannot be read
     */
    long needs(ServedModelSpec spec) {
        LongformerConfig config =
                LongformerConfigJson.read(spec.folder().resolve(CheckpointFiles.CONFIG));
        return MemoryEstimate.of(
                        config, parameters(spec), Math.max(batchTokens, config.usablePositions()))
                .toInfer();
    }

    /**
     * Refuses what does not fit.
     *
     * @param used by what is loaded
     */
    void check(ServedModelSpec spec, long needed, long used) {
        if (needed > bytes - used) {
            throw new ServingException(
                    "model '"
                            + spec.name()
                            + "' in '"
                            + spec.folder()
                            + "' needs about "
                            + mebibytes(needed)
                            + " and "
                            + mebibytes(used)
                            + " of the "
                            + mebibytes(bytes)
                            + " that models may take are in use; unload another one, make batches smaller, or raise the limit");
        }
    }

    static long parameters(ServedModelSpec spec) {
        try (TensorSource tensors = CheckpointFiles.tensors(spec.folder())) {
            return tensors.names().stream().mapToLong(name -> tensors.info(name).elements()).sum();
        }
    }

    private static String mebibytes(long count) {
        return (count >> MEBIBYTE) + " MiB";
    }
}
