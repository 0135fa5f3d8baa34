package io.longspan.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The border to Hugging Face's native library. */
final class NativeTokenizers {
    private static final Map<String, String> WHOLE_TEXTS =
            Map.of("truncation", "false", "padding", "false");

    private NativeTokenizers() {}

    /**
     * Loads a description in the layout of {@code tokenizer.json}; the caller closes the result.
     *
     * @throws ModelInputException when the library cannot use it
     */
    static HuggingFaceTokenizer load(String json) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), WHOLE_TEXTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // The native parser throws exactly this class; subclasses are failures to load it.
            if (e.getClass() != RuntimeException.class) {
                throw e;
            }
            throw new ModelInputException(
                    "this is no usable tokenizer ("
                            + Quoted.plain(String.valueOf(e.getMessage()))
                            + "); get the file again",
                    e);
        }
    }

    /** Copies what the library gave. */
    static Encoding convert(ai.djl.huggingface.tokenizers.Encoding from) {
        long[] wide = from.getIds();
        long[] sequence = from.getSequenceIds();
        CharSpan[] spans = from.getCharTokenSpans();
        int[] ids = new int[wide.length];
        int[] starts = new int[wide.length];
        int[] ends = new int[wide.length];
        byte[] sequences = new byte[wide.length];
        for (int i = 0; i < wide.length; i++) {
            ids[i] = (int) wide[i];
            sequences[i] = (byte) sequence[i];
            if (spans[i] != null) {
                starts[i] = spans[i].getStart();
                ends[i] = spans[i].getEnd();
            }
        }
        return new Encoding(ids, from.getTokens(), starts, ends, sequences);
    }
}
