package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.TensorBridge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HiddenDropoutTest {
    private static final int ROWS = 256;
    private static final int COLUMNS = 77;
    private static final int ALL = ROWS * COLUMNS;

    /** Four standard deviations of a mean over so many independent numbers. */
    private static final double FAR = 4 / Math.sqrt(ALL);

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
    void theShareThatIsDroppedIsTheRateAndTheMeanStays(double rate) {
        float[] factors = hidden(HiddenMask.Site.EMBEDDINGS, 0, 3, 5, rate);
        double deviation = Math.sqrt(rate * (1 - rate));
        double dropped = 0;
        double mean = 0;
        for (float factor : factors) {
            dropped += factor == 0 ? 1.0 / ALL : 0;
            mean += factor / ALL;
        }
        assertThat(dropped).isCloseTo(rate, within(FAR * deviation));
        assertThat(mean).isCloseTo(1, within(FAR * deviation / (1 - rate) + 1e-4));
        assertThat(Arrays.stream(toDoubles(factors)).distinct().count()).isEqualTo(2);
    }

    @Test
    void placesLayersStepsAndSamplesHaveUnrelatedMasks() {
        List<float[]> masks = new ArrayList<>();
        for (HiddenMask.Site site : HiddenMask.Site.values()) {
            masks.add(hidden(site, 0, 3, 5, 0.5));
            masks.add(hidden(site, 1, 3, 5, 0.5));
        }
        masks.add(hidden(HiddenMask.Site.EMBEDDINGS, 0, 4, 5, 0.5));
        masks.add(hidden(HiddenMask.Site.EMBEDDINGS, 0, 3, 6, 0.5));
        masks.add(hidden(HiddenMask.Site.EMBEDDINGS, 0, 3, 5 + (1L << 32), 0.5));
        masks.add(attention(0));
        masks.add(attention(1));
        for (int a = 0; a < masks.size(); a++) {
            for (int b = 0; b < a; b++) {
                double product = 0;
                for (int i = 0; i < ALL; i++) {
                    product += (masks.get(a)[i] - 1) * (masks.get(b)[i] - 1) / ALL;
                }
                assertThat(product).as("masks %d and %d", a, b).isCloseTo(0, within(FAR));
            }
        }
    }

    @Test
    void aSampleKeepsItsMaskInAnotherBatchAndRowByRow() {
        SequenceLayout one = SequenceLayout.allLocal(5, 7);
        SequenceLayout other = SequenceLayout.allLocal(2, 7, 5);
        HiddenDropout dropout = new HiddenDropout(HiddenMask.Site.HEAD_INPUT, 2, 0.3);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            float[] together =
                    TensorBridge.floats(
                            dropout.apply(
                                    manager.ones(new Shape(12, 9)),
                                    one,
                                    DropoutDraw.of(1, 2, 70, 80)));
            float[] moved =
                    TensorBridge.floats(
                            dropout.apply(
                                    manager.ones(new Shape(14, 9)),
                                    other,
                                    DropoutDraw.of(1, 2, 60, 80, 70)));
            assertThat(Arrays.copyOfRange(moved, 9 * 9, 14 * 9))
                    .isEqualTo(Arrays.copyOf(together, 5 * 9));
            assertThat(Arrays.copyOfRange(moved, 2 * 9, 9 * 9))
                    .isEqualTo(Arrays.copyOfRange(together, 5 * 9, 12 * 9));
            float[] some =
                    TensorBridge.floats(
                            dropout.apply(
                                    manager.ones(new Shape(2, 9)),
                                    new int[] {3, 11},
                                    one,
                                    DropoutDraw.of(1, 2, 70, 80)));
            assertThat(Arrays.copyOf(some, 9))
                    .isEqualTo(Arrays.copyOfRange(together, 3 * 9, 4 * 9));
            assertThat(Arrays.copyOfRange(some, 9, 18))
                    .isEqualTo(Arrays.copyOfRange(together, 11 * 9, 12 * 9));
        }
    }

    @Test
    void nothingIsDroppedWithoutARateOrADraw() {
        SequenceLayout layout = SequenceLayout.allLocal(4);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray states = manager.ones(new Shape(4, 3));
            HiddenDropout none = new HiddenDropout(HiddenMask.Site.EMBEDDINGS, 0, 0);
            HiddenDropout some = new HiddenDropout(HiddenMask.Site.EMBEDDINGS, 0, 0.5);
            assertThat(none.apply(states, layout, DropoutDraw.of(1, 2, 3))).isSameAs(states);
            assertThat(some.apply(states, layout, null)).isSameAs(states);
        }
    }

    @Test
    void aSampleIdOutOfRangeIsNamed() {
        assertThatThrownBy(() -> DropoutDraw.of(1, 2, 3, 1L << 48))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sample id is 281474976710656");
    }

    private static float[] hidden(
            HiddenMask.Site site, int layer, long step, long sample, double rate) {
        HiddenMask mask = DropoutDraw.of(20261124, step, sample).hidden(site, layer, 0, rate);
        float[] factors = new float[ALL];
        for (int row = 0; row < ROWS; row++) {
            mask.factors(row, COLUMNS, factors, row * COLUMNS);
        }
        return factors;
    }

    private static float[] attention(int layer) {
        DropoutMask mask = DropoutDraw.of(20261124, 3, 5).attention(layer).mask(0, 0.5f);
        float[] factors = new float[ALL];
        for (int row = 0; row < ROWS; row++) {
            mask.factors(0, row, 0, COLUMNS, factors, row * COLUMNS);
        }
        return factors;
    }

    private static double[] toDoubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
