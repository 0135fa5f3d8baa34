package io.longspan.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class TensorBridgeTest {
    @Test
    void aViewReadsTheElementsAndStridesOfATransposedArray() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array =
                    manager.arange(0f, 24f, 1f, DataType.FLOAT32)
                            .reshape(2, 3, 4)
                            .transpose(1, 0, 2); // [3, 2, 4]
            TensorView view = TensorBridge.view(array);
            assertThat(view.shape()).containsExactly(3, 2, 4);
            assertThat(view.stride(0)).isEqualTo(4);
            assertThat(view.stride(1)).isEqualTo(12);
            float element = view.segment().getAtIndex(ValueLayout.JAVA_FLOAT, 2 * 4 + 12 + 3);
            assertThat(element).isEqualTo(array.getFloat(2, 1, 3));
        }
    }

    @Test
    void aSliceOfAPackedProjectionNeedsNoCopy() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray packed =
                    manager.arange(0f, 30f, 1f, DataType.FLOAT32).reshape(5, 6); // [T, 3 * N]
            TensorView key = TensorBridge.view(packed.get(new NDIndex(":, 2:4"))); // [T, N]
            assertThat(key.stride(0)).isEqualTo(6);
            assertThat(key.segment().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2f);
            assertThat(key.isContiguous()).isFalse();
        }
    }

    @Test
    void whatIsWrittenToMemoryIsInTheArrayAndBack() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] elements = {1, -2, 3.5f, 0, Float.MIN_VALUE, 7};
            NDArray array =
                    TensorBridge.create(manager, MemorySegment.ofArray(elements), new Shape(2, 3));
            assertThat(array.toFloatArray()).containsExactly(elements);
            TensorBridge.memory(array).setAtIndex(ValueLayout.JAVA_FLOAT, 4, 9f);
            assertThat(array.getFloat(1, 1)).isEqualTo(9f);
            assertThat(TensorBridge.floats(array.transpose()))
                    .containsExactly(1, 0, -2, 9, 3.5f, 7);
        }
    }

    @Test
    void arraysThatAreNotDenseOrNotFloat32AreRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.ones(new Shape(2, 3));
            assertThatThrownBy(() -> TensorBridge.memory(array.transpose()))
                    .hasMessageContaining("must be dense");
            assertThatThrownBy(() -> TensorBridge.view(array.toType(DataType.INT64, true)))
                    .hasMessageContaining("kernels read float32");
            assertThatThrownBy(() -> TensorBridge.view(array.transpose()))
                    .hasMessageContaining("innermost stride is 3");
        }
    }
}
