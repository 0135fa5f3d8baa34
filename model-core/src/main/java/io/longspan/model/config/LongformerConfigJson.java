package io.longspan.model.config;

import io.longspan.model.AtomicFile;
import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/**
 * Hugging Face's {@code config.json}.
 *
 * <p>Read are {@code model_type} longformer, roberta, xlm-roberta, bert and longspan, and the
 * flavour of the original repository: where {@code attention_dilation} is present, or {@code
 * attention_mode} is one of tvm, sliding_chunks and n2, windows count one side and are doubled,
 * {@code attention_dilation} (one stride per layer) is kept, and {@code autoregressive: true} makes
 * the model causal. A {@code roberta} or {@code xlm-roberta} file with {@code attention_window} is
 * a Longformer. Fields that mean nothing here are kept and written again.
 *
 * <p>Only {@code model_type: longspan} has these keys:
 *
 * <ul>
 *   <li>{@code attention_window_per_head}: one list per layer with an even total width per head;
 *       stands in place of {@code attention_window}
 *   <li>{@code attention_reach_per_head}: one list per layer with a pair [left, right] per head, in
 *       steps of the dilation; stands in place of both
 *   <li>{@code attention_dilation_per_head}: one list per layer with a stride per head, 1 for no
 *       gap
 *   <li>{@code causal}: true when no token sees a later one; windows then reach half their width to
 *       the left and nothing to the right
 *   <li>{@code offset_bias}: true when each layer holds a tensor {@code
 *       encoder.layer.N.attention.self.offset_bias} of shape [H, offsets]: column t + the layer's
 *       largest left reach holds the bias of offset t for every head; columns out of a head's reach
 *       mean nothing
 *   <li>{@code pre_layer_norm}: true when layers normalise their input; a normalisation {@code
 *       encoder.LayerNorm} then follows the last layer
 * </ul>
 *
 * Absent ones are off. A model that uses none of them is written as the family it has, and loads in
 * transformers unchanged.
 */
public final class LongformerConfigJson {
    private static final long LARGEST_FILE = 16L << 20;

    private LongformerConfigJson() {}

    /**
     * Reads a configuration file.
     *
     * @throws ModelInputException naming the file, the field, its value and what is allowed
     */
    public static LongformerConfig read(Path file) {
        byte[] json = InputFiles.read(file, LARGEST_FILE);
        try {
            return parse(json);
        } catch (ModelInputException e) {
            throw e.in(file);
        }
    }

    /**
     * Reads a configuration from JSON text.
     *
     * @throws ModelInputException naming the field, its value and what is allowed
     */
    public static LongformerConfig parse(String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The configuration as JSON text, keys in alphabetical order, with a line feed at the end. */
    public static String text(LongformerConfig config) {
        return InputJson.text(ConfigWriter.object(config));
    }

    /**
     * Writes or replaces a configuration file in one step.
     *
     * @throws ModelInputException when the folder does not exist
     * @throws java.io.UncheckedIOException when the disk refuses
     */
    public static void write(LongformerConfig config, Path file) {
        byte[] json = text(config).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(
                file,
                channel -> {
                    ByteBuffer left = ByteBuffer.wrap(json);
                    while (left.hasRemaining()) {
                        channel.write(left);
                    }
                });
    }

    private static LongformerConfig parse(byte[] json) {
        try {
            return new ConfigReader(InputJson.object(json)).read();
        } catch (JacksonException e) {
            throw InputJson.refusal(e);
        }
    }
}
