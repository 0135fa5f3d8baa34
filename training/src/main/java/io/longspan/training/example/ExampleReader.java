package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the files of one objective.
 *
 * @param <E> an example as it stands in a file
 */
interface ExampleReader<E> {
    /**
     * Reads a file whole.
     *
     * @throws ModelInputException naming the file and the place that is not allowed
     */
    List<E> read(Path file);

    /** The text by which an example is held out or not. */
    String key(E example);

    /**
     * What the examples ask.
     *
     * @param keepsHead whether the checkpoint's head, if it is of this task, says what answers mean
     * @param examples all that are learned from or split
     */
    ExampleTask task(Checkpoint checkpoint, boolean keepsHead, List<E> examples);

    /**
     * Turns an example into what a model reads; one may become several.
     *
     * @throws ModelInputException naming the example that does not fit
     */
    List<EncodedExample> encode(
            E example, ExampleTask task, RobertaTokenizer tokenizer, TokenLimit limit);
}
