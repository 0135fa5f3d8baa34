package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionCases;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The kit's cases in the 16-bit types, on tensor cores and, for an older device, without them. */
final class HalfTypesTest {
    private final Emulation emulation = Emulation.shipped();
    private final CudaAttentionProvider provider = emulation.provider();
    private final List<AutoCloseable> open = new java.util.ArrayList<>();

    @TestFactory
    Stream<DynamicTest> bfloat16OnTensorCores() {
        return cases(ElementType.BF16, 8, 6, "mma_");
    }

    @TestFactory
    Stream<DynamicTest> float16OnTensorCores() {
        return cases(ElementType.FP16, 9, 0, "mma_");
    }

    @TestFactory
    Stream<DynamicTest> bfloat16OnADeviceWithoutThem() {
        return cases(ElementType.BF16, 7, 5, "ffma_");
    }

    @TestFactory
    Stream<DynamicTest> float16OnADeviceWithoutThem() {
        return cases(ElementType.FP16, 7, 5, "ffma_");
    }

    /** Heads of 33 to 64 without a bias take the kernel for compute capability 9.0. */
    @TestFactory
    Stream<DynamicTest> float16OnHopper() {
        // The other type has every case.
        return hopper(ElementType.FP16, 40).limit(40);
    }

    @TestFactory
    Stream<DynamicTest> bfloat16OnHopper() {
        return hopper(ElementType.BF16, 64);
    }

    private Stream<DynamicTest> hopper(ElementType type, int headSize) {
        emulation.device(9, 0, 12040, 1);
        KernelBackend backend = backend(Map.of("hopper", "true"));
        return AttentionCases.all(provider.capabilities()).stream()
                .filter(c -> c.headSize() == 8 && !c.inputs().exactScores())
                .filter(c -> !c.pattern().offsetBias())
                .map(c -> wider(c, headSize))
                .map(c ->
                        dynamicTest(
                                c.name(),
                                () ->
                                        check(
                                                backend,
                                                c,
                                                type,
                                                "hopper_forward_64",
                                                WIDE_GRADIENTS)));
    }

    /** Everything else goes to the kernels of every device. */
    @TestFactory
    Stream<DynamicTest> otherCallsOnHopper() {
        emulation.device(9, 0, 12040, 1);
        KernelBackend backend = backend(Map.of("hopper", "true"));
        return AttentionCases.all(provider.capabilities()).stream()
                .filter(c -> c.headSize() != 64 && c.headSize() % 8 == 0)
                .limit(12)
                .map(c ->
                        dynamicTest(
                                c.name(),
                                () -> check(backend, c, ElementType.BF16, "mma_forward")));
    }

    /**
     * The backward pass is given the rounded output, whose products with its gradient are summed
     * over the head: in wide heads of rows with few keys, whose gradients are small differences,
     * that is more than elsewhere. It is not the pass that is tested here.
     */
    private static final double WIDE_GRADIENTS = 8;

    private static AttentionCase wider(AttentionCase c, int headSize) {
        return new AttentionCase(
                c.name(),
                c.seed(),
                c.layout(),
                c.pattern(),
                headSize,
                c.rows(),
                c.dropout(),
                c.inputs());
    }

    private Stream<DynamicTest> cases(ElementType type, int major, int minor, String kernels) {
        emulation.device(major, minor, 12040, 1);
        KernelBackend backend = backend(Map.of());
        return AttentionCases.all(provider.capabilities()).stream()
                .map(c -> dynamicTest(c.name(), () -> check(backend, c, type, kernels)));
    }

    private void check(KernelBackend backend, AttentionCase c, ElementType type, String kernels) {
        check(backend, c, type, kernels, 2.5);
    }

    private void check(
            KernelBackend backend,
            AttentionCase c,
            ElementType type,
            String kernels,
            double looser) {
        emulation.logging(true);
        assertThat(TypedChecks.fault(backend, c, type, looser))
                .as("%s, %s; in the kernels: '%s'", type, c, emulation.kernelError())
                .isEmpty();
        if (c.headSize() % 8 == 0) {
            assertThat(emulation.log())
                    .anyMatch(line -> line.startsWith("cuLaunchKernel " + kernels));
        }
    }

    private KernelBackend backend(Map<String, String> options) {
        KernelBackend backend =
                (KernelBackend)
                        provider.create(
                                new BackendContext(
                                        BackendOptions.of("cuda", provider.options(), options),
                                        Device.CPU,
                                        1));
        open.add(backend);
        return backend;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
