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

    private Stream<DynamicTest> cases(ElementType type, int major, int minor, String kernels) {
        emulation.device(major, minor, 12040, 1);
        KernelBackend backend = backend();
        return AttentionCases.all(provider.capabilities()).stream()
                .map(c -> dynamicTest(c.name(), () -> check(backend, c, type, kernels)));
    }

    private void check(KernelBackend backend, AttentionCase c, ElementType type, String kernels) {
        emulation.logging(true);
        assertThat(TypedChecks.fault(backend, c, type))
                .as("%s, %s; in the kernels: '%s'", type, c, emulation.kernelError())
                .isEmpty();
        if (c.headSize() % 8 == 0) {
            assertThat(emulation.log())
                    .anyMatch(line -> line.startsWith("cuLaunchKernel " + kernels));
        }
    }

    private KernelBackend backend() {
        KernelBackend backend =
                (KernelBackend)
                        provider.create(
                                new BackendContext(
                                        BackendOptions.of("cuda", provider.options(), Map.of()),
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
