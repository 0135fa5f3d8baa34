package io.longspan.model.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.linear.Numbers.Layer;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EngineLinearTest {
    private static final String REASON = "the test wants it so";

    @Test
    void djlStandsInWithTheReason() {
        try (LinearKernels kernels = LinearKernels.engineOnly(REASON);
                Arena arena = Arena.ofConfined()) {
            assertThat(kernels.availability(LinearPrecision.INT8))
                    .isEqualTo(new LinearAvailability.Unavailable(REASON));
            for (Finish finish : Finish.values()) {
                Layer layer = Layer.draw(arena, new Random(5), 7, 13, 11, true, finish);
                PackedLinear linear = kernels.pack(layer.weights(), LinearPrecision.INT8, finish);
                assertThat(linear.fallback()).contains(REASON);
                assertThat(linear.precision()).isEqualTo(LinearPrecision.FP32);
                MemorySegment output = layer.run(arena, linear);
                for (int row = 0; row < 7; row++) {
                    for (int column = 0; column < 11; column++) {
                        assertThat((double) Numbers.at(output, row * 11L + column))
                                .isCloseTo(layer.finished(row, column), within(1e-5));
                    }
                }
                linear.close();
                linear.close();
                assertThatThrownBy(() -> layer.run(arena, linear))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void arraysGoInAndComeOut() {
        try (LinearKernels kernels = LinearKernels.open(1);
                NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.randomNormal(new Shape(10, 6));
            NDArray bias = manager.randomNormal(new Shape(10));
            NDArray rows = manager.randomNormal(new Shape(6, 4, 3)).transpose(2, 1, 0); // [3, 4, 6]
            NDArray residual = manager.randomNormal(new Shape(3, 4, 10));
            NDArray expected =
                    ai.djl.nn.core.Linear.linear(rows, weight, bias)
                            .singletonOrThrow()
                            .add(residual);
            try (PackedLinear linear =
                    kernels.pack(
                            LinearWeights.of(weight, bias), LinearPrecision.FP32, Finish.ADD)) {
                NDArray output = linear.apply(rows, residual); // [3, 4, 10]
                assertThat(output.getShape()).isEqualTo(new Shape(3, 4, 10));
                assertThat(output.getManager()).isSameAs(rows.getManager());
                float[] numbers = TensorBridge.floats(output);
                float[] wanted = TensorBridge.floats(expected);
                for (int at = 0; at < numbers.length; at++) {
                    assertThat(numbers[at]).isCloseTo(wanted[at], within(1e-5f));
                }
            }
        }
    }
}
