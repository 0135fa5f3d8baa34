package io.longspan.attention.testkit.cases;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Draws the numbers of a case from its seed. */
final class TensorDraw {
    /** Share of bias entries that are minus infinity. */
    private static final double EXCLUDED = 0.15;

    private final AttentionCase drawn;
    private final Random random;

    private TensorDraw(AttentionCase drawn) {
        this.drawn = drawn;
        random = new Random(drawn.seed());
    }

    static AttentionTensors draw(AttentionCase drawn) {
        TensorDraw draw = new TensorDraw(drawn);
        int rows = drawn.rowCount();
        int tokens = drawn.layout().tokens();
        int common = drawn.inputs().common();
        return new AttentionTensors(
                draw.projection(rows, Math.abs(common)),
                draw.projection(tokens, common),
                draw.normal(tokens * drawn.rowWidth()),
                draw.bias(),
                draw.normal(rows * drawn.rowWidth()));
    }

    /** Query or key, [rows, H, D]. */
    private float[] projection(int rows, int first) {
        if (!drawn.inputs().exactScores()) {
            return normal(rows * drawn.rowWidth());
        }
        float[] out = new float[rows * drawn.rowWidth()];
        int largest = drawn.inputs().largest();
        for (int i = 0; i < out.length; i++) {
            boolean offset = first != 0 && i % drawn.headSize() == 0;
            out[i] = offset ? first : random.nextInt(2 * largest + 1) - largest;
        }
        return out;
    }

    private float[] normal(int elements) {
        float[] out = new float[elements];
        for (int i = 0; i < elements; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    private float @Nullable [] bias() {
        if (!drawn.pattern().offsetBias()) {
            return null;
        }
        float[] out = normal(drawn.pattern().heads() * drawn.pattern().biasColumns());
        for (int i = 0; i < out.length; i++) {
            out[i] = random.nextDouble() < EXCLUDED ? Float.NEGATIVE_INFINITY : out[i];
        }
        return out;
    }
}
