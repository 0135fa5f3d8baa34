package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FiniteCheckTest {
    private static final Path FIXTURE = Path.of("src/test/resources/fixtures/masked-lm");

    @TempDir private Path folder;

    @Test
    void everyTensorWithNanOrInfinityIsNamedWithCountAndPlace() {
        Path broken = broken();
        assertThatThrownBy(() -> LongformerModel.open(broken, Progress.none()).close())
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(broken.toString())
                .hasMessageContaining("in 2 tensors")
                .hasMessageContaining(
                        "'longformer.encoder.layer.1.output.dense.weight' (3 of 4608, the first NaN at [2, 5])")
                .hasMessageContaining("'lm_head.bias' (1 of 503, the first -Infinity at [502])");
    }

    @Test
    void acceptedOnesAreLoadedAsTheyAre() {
        Path broken = broken();
        assertThatCode(() ->
                        LongformerModel.open(
                                        broken,
                                        ModelOptions.defaults().withNonFinite(NonFinite.ACCEPT),
                                        Progress.none())
                                .close())
                .doesNotThrowAnyException();
    }

    @Test
    void everyPlaceOfAValueIsLookedAt() {
        // Lengths around a piece; the largest finite numbers of both signs are fine.
        for (int length : new int[] {1, 7, 8191, 8192, 8193, 20_000}) {
            float[] values = new float[length];
            Arrays.fill(values, -Float.MAX_VALUE);
            assertThat(refuses(values)).isFalse();
            for (int at : new int[] {0, length / 2, length - 1}) {
                for (float bad :
                        new float[] {
                            Float.NaN,
                            Float.POSITIVE_INFINITY,
                            Float.NEGATIVE_INFINITY,
                            Float.intBitsToFloat(0xff80_0001)
                        }) {
                    float[] broken = values.clone();
                    broken[at] = bad;
                    assertThat(refuses(broken)).as("%s at %d of %d", bad, at, length).isTrue();
                }
            }
        }
    }

    @Test
    void doubleBeyondFloatIsInfinite() {
        TensorInfo info = TensorInfo.of("w", DType.F64, 1);
        StoredTensor stored = new StoredTensor(info, MemorySegment.ofArray(new double[] {1e300}));
        assertThat(refuses(stored)).isTrue();
    }

    @Test
    void valuesAreCopiedWhole() {
        float[] values = new float[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i - 7.5f;
        }
        float[] copy = new float[values.length];
        TensorInfo info = TensorInfo.of("w", DType.F32, 100, 200);
        FiniteCheck check = new FiniteCheck();
        check.copy(
                new StoredTensor(info, MemorySegment.ofArray(values)), MemorySegment.ofArray(copy));
        check.finish("file", NonFinite.REFUSE);
        assertThat(copy).isEqualTo(values);
    }

    private static boolean refuses(float[] values) {
        TensorInfo info = TensorInfo.of("w", DType.F32, values.length);
        return refuses(new StoredTensor(info, MemorySegment.ofArray(values)));
    }

    private static boolean refuses(StoredTensor tensor) {
        FiniteCheck check = new FiniteCheck();
        check.copy(
                tensor,
                MemorySegment.ofArray(new float[Math.toIntExact(tensor.info().elements())]));
        try {
            check.finish("file", NonFinite.REFUSE);
            return false;
        } catch (ModelInputException e) {
            return true;
        }
    }

    private Path broken() {
        Path copy = folder.resolve("model");
        try (SafetensorsFile original =
                SafetensorsFile.open(FIXTURE.resolve("model.safetensors"))) {
            List<OutgoingTensor> tensors = new ArrayList<>();
            for (String name : original.names()) {
                StoredTensor tensor = original.get(name);
                float[] values = tensor.toFloats();
                switch (name) {
                    case "longformer.encoder.layer.1.output.dense.weight" -> {
                        values[2 * 96 + 5] = Float.NaN;
                        values[3 * 96] = Float.POSITIVE_INFINITY;
                        values[4607] = Float.NaN;
                    }
                    case "lm_head.bias" -> values[502] = Float.NEGATIVE_INFINITY;
                    default -> {}
                }
                long[] shape = tensor.info().shape().stream().mapToLong(Long::longValue).toArray();
                tensors.add(OutgoingTensor.of(name, values, shape));
            }
            CheckpointFiles.write(
                    copy,
                    LongformerConfigJson.read(FIXTURE.resolve("config.json")),
                    tensors,
                    Progress.none());
        }
        return copy;
    }
}
