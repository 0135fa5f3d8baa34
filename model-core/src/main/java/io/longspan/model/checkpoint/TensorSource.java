package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import java.util.SortedSet;

/**
 * Named tensors on disk, in one file or several. Thread-safe while open; closing it ends the life
 * of every tensor that it gave out.
 */
public sealed interface TensorSource extends AutoCloseable
        permits SafetensorsFile, ShardedTensors, TorchFile {
    /** The file or folder they come from, for messages. */
    Path path();

    /** All names, in alphabetical order. */
    SortedSet<String> names();

    /**
     * Type and shape of a tensor.
     *
     * @throws ModelInputException when there is none of that name
     */
    TensorInfo info(String name);

    /**
     * A tensor.
     *
     * @throws ModelInputException when there is none of that name
     */
    StoredTensor get(String name);

    @Override
    void close();
}
