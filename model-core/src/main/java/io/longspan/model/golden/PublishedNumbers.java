package io.longspan.model.golden;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;
import io.longspan.model.config.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What allenai/longformer-base-4096 gives, as transformers' tests have it. The values are rounded
 * to the digits that were published, and the tolerances allow for that.
 */
public final class PublishedNumbers {
    /** The checkpoint whose numbers these are. */
    public static final String MODEL = "longformer-base-4096";

    private static final long[] HELLO_WORLD = {20920, 232, 328, 1437};
    private static final int REPEATS = 1000;

    private PublishedNumbers() {}

    /** The cases: "Hello world! " once and a thousand times. */
    public static List<GoldenCase> cases() {
        return List.of(
                new GoldenCase(
                        "6 tokens",
                        repeated(1),
                        new int[] {},
                        firstState(763, 0.0549, 0.1087, -0.1119, -0.0368, 0.0250)),
                new GoldenCase(
                        "4,002 tokens, globals at 1, 4, 21",
                        repeated(REPEATS),
                        new int[] {1, 4, 21},
                        List.of(
                                new GoldenNumber(GoldenQuantity.STATE_SUM, 0, 74585.8594, 1),
                                new GoldenNumber(GoldenQuantity.STATE_MEAN, 0, 0.0243, 1e-4))),
                new GoldenCase(
                        "4,002 tokens, masked language model",
                        repeated(REPEATS),
                        new int[] {},
                        List.of(
                                new GoldenNumber(GoldenQuantity.LOSS, 0, 0.0074, 1e-4),
                                new GoldenNumber(GoldenQuantity.LOGIT_SUM, 0, -6.1048e8, 2e4),
                                new GoldenNumber(GoldenQuantity.LOGIT_MEAN, 0, -3.0348, 1.5e-4))));
    }

    /**
     * Refuses a model that cannot be the published one.
     *
     * @throws ModelInputException naming the first size that differs
     */
    public static void requireSameShape(LongformerConfig config) {
        LongformerConfig base = Presets.get(MODEL);
        require("model_type", config.modelType().key(), ModelType.LONGFORMER.key());
        require("vocab_size", config.vocabSize(), base.vocabSize());
        require("hidden_size", config.hiddenSize(), base.hiddenSize());
        require("num_hidden_layers", config.layers(), base.layers());
        require("num_attention_heads", config.heads(), base.heads());
        require("intermediate_size", config.intermediateSize(), base.intermediateSize());
        require(
                "max_position_embeddings",
                config.maxPositionEmbeddings(),
                base.maxPositionEmbeddings());
        if (!config.attention().equals(base.attention())) {
            throw new ModelInputException(
                    "attention_window is not 512 in every layer; numbers are known for "
                            + MODEL
                            + " only, so name a folder with that checkpoint");
        }
    }

    private static void require(String key, Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new ModelInputException(
                    key
                            + " is "
                            + found
                            + " and that of "
                            + MODEL
                            + " is "
                            + expected
                            + "; numbers are known for that checkpoint only, so name a folder with"
                            + " it");
        }
    }

    private static List<GoldenNumber> firstState(int from, double... values) {
        List<GoldenNumber> numbers = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            numbers.add(new GoldenNumber(GoldenQuantity.FIRST_STATE, from + i, values[i], 1.5e-4));
        }
        return numbers;
    }

    /** Begin token, the words so many times, end token. */
    private static long[] repeated(int times) {
        long[] ids = new long[2 + HELLO_WORLD.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(HELLO_WORLD, 0, ids, 1 + i * HELLO_WORLD.length, HELLO_WORLD.length);
        }
        ids[ids.length - 1] = 2;
        return ids;
    }
}
