package io.longspan.model.head;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;

/** Which tokens of a sequence compete for the ends of an answer. */
public enum SpanReading {
    /** All of them, pads included, as Hugging Face has it: the loss depends on the padding. */
    HF("hf"),
    /** Those that are not masked: the loss is the same with and without padding. */
    PACKED("packed");

    private final String key;

    SpanReading(String key) {
        this.key = key;
    }

    /** The name in an option. */
    public String key() {
        return key;
    }

    /**
     * The reading of a name.
     *
     * @throws ModelInputException when the name is unknown
     */
    public static SpanReading of(String key) {
        for (SpanReading reading : values()) {
            if (reading.key.equals(key)) {
                return reading;
            }
        }
        throw new ModelInputException(
                "the reading of the answer's loss is "
                        + Quoted.of(key)
                        + "; it must be hf or packed");
    }
}
