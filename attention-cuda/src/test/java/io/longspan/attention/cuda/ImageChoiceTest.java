package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.InputKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which image a device and its driver are given, on the fake driver. */
final class ImageChoiceTest {
    private static final AttentionCase CASE =
            new AttentionCase(
                    "small",
                    5,
                    SequenceLayout.allLocal(40),
                    AttentionPattern.symmetric(1, 3, 32),
                    32,
                    QueryRows.all(),
                    null,
                    InputKind.NORMAL);

    private final Emulation emulation = Emulation.shipped();

    static Stream<Arguments> devices() {
        return Stream.of(
                arguments(8, 0, 13000, "cubin"),
                arguments(9, 0, 13010, "cubin"),
                // The driver is older than the compiler of the cubins.
                arguments(9, 0, 12080, "text"),
                // No cubin for exactly this device, although one for 8.0 would run on it.
                arguments(8, 6, 13000, "text"),
                arguments(10, 0, 13000, "text"),
                arguments(12, 0, 13000, "text"));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theCubinForExactlyTheDeviceElseTheText(int major, int minor, int driver, String kind) {
        emulation.device(major, minor, driver, 1);
        assertThat(loaded(ElementType.BF16)).containsExactly(kind + " mma-bf16");
        assertThat(loaded(ElementType.FP32)).containsExactly(kind + " ffma-fp32");
    }

    @Test
    void anOldDeviceGetsTheSimpleKernels() {
        emulation.device(7, 5, 13000, 1);
        assertThat(loaded(ElementType.FP16)).containsExactly("text ffma-fp16");
    }

    /** 209 is CUDA_ERROR_NO_BINARY_FOR_GPU. */
    @Test
    void aCubinThatTheDriverRefusesGivesWayToTheText() {
        emulation.device(9, 0, 13000, 1);
        emulation.fail("cuModuleLoadDataEx", 0, 209);
        assertThat(loaded(ElementType.BF16)).containsExactly("cubin mma-bf16", "text mma-bf16");
    }

    @Test
    void aLostDeviceIsNoReasonToTryTheText() {
        emulation.device(9, 0, 13000, 1);
        emulation.fail("cuModuleLoadDataEx", 0, 719);
        assertThatThrownBy(() -> loaded(ElementType.BF16))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("image 'mma-bf16.sm_90'");
        emulation.reset();
    }

    /** What a forward and a backward pass load, and that they are right. */
    private List<String> loaded(ElementType type) {
        CudaAttentionProvider provider = emulation.provider();
        int before = emulation.log().size();
        try (KernelBackend backend =
                (KernelBackend)
                        provider.create(
                                new BackendContext(
                                        BackendOptions.of("cuda", provider.options(), Map.of()),
                                        Device.CPU,
                                        1))) {
            assertThat(TypedChecks.fault(backend, CASE, type)).isEmpty();
        }
        return emulation.log().stream()
                .skip(before)
                .filter(line -> line.startsWith("cuModuleLoadDataEx "))
                .map(line -> line.substring("cuModuleLoadDataEx ".length()))
                .toList();
    }
}
