package io.longspan.attention.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.attention.Workload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when the driver says no, on a fake driver that says no on demand. */
final class DriverFailureTest {
    private static final int TOKENS = 100;
    private static final int HEAD_SIZE = 32;
    private static final AttentionPattern PATTERN = AttentionPattern.symmetric(2, 5, HEAD_SIZE);
    private static final SequenceLayout LAYOUT = SequenceLayout.allLocal(TOKENS);

    private final Emulation emulation = Emulation.shipped();
    private final CudaAttentionProvider provider = emulation.provider();
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
        emulation.reset();
    }

    @Test
    void everythingIsGivenBack() {
        try (KernelBackend backend = backend(Map.of())) {
            forward(backend);
            forward(backend);
            assertThat(emulation.blocks()).isPositive();
        }
        assertThat(emulation.balance()).isZero();
        assertThat(emulation.blocks()).isZero();
    }

    @Test
    void memoryIsAllocatedOnceForEqualCalls() {
        try (KernelBackend backend = backend(Map.of())) {
            forward(backend);
            long before = emulation.log().stream().filter(l -> l.startsWith("cuMemAlloc")).count();
            forward(backend);
            assertThat(emulation.log().stream().filter(l -> l.startsWith("cuMemAlloc")))
                    .hasSize((int) before);
        }
    }

    @Test
    void aFullGpuIsSaidSoWithNumbersAndIsNoLastingFailure() {
        try (KernelBackend backend = backend(Map.of())) {
            emulation.memory(40_000);
            assertThatThrownBy(() -> forward(backend))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("no room for another 26624 bytes")
                    .hasMessageContaining("of 40000 bytes are free")
                    .hasMessageContaining("smaller batches");
            emulation.memory(1 << 30);
            forward(backend);
        }
        assertThat(emulation.blocks()).isZero();
    }

    @Test
    void aLaunchThatFailsIsNamedWithItsGeometryAndEndsTheBackend() {
        try (KernelBackend backend = backend(Map.of())) {
            emulation.fail("cuLaunchKernel", 0, 719);
            assertThatThrownBy(() -> forward(backend))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("kernel 'ffma_forward_32' (4 blocks of 128 threads")
                    .hasMessageContaining("719 (CUDA_ERROR_LAUNCH_FAILED)");
            requireFailedForGood(backend);
        }
    }

    @Test
    void aDeviceThatIsLostInMidRunEndsTheBackend() {
        try (KernelBackend backend = backend(Map.of())) {
            emulation.fail("cuMemcpyDtoH_v2", 0, 700);
            assertThatThrownBy(() -> forward(backend))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("cuMemcpyDtoH of 25600 bytes")
                    .hasMessageContaining("700 (CUDA_ERROR_ILLEGAL_ADDRESS)");
            requireFailedForGood(backend);
        }
    }

    @Test
    void aKernelThatFailsInTheBackwardPassEndsTheBackendAndSavedStateCanStillBeClosed() {
        TensorView tensor = tensor(ElementType.FP32, TOKENS);
        try (KernelBackend backend = backend(Map.of());
                AttentionPlan plan = plan(backend, Device.Kind.CPU, Set.of(Feature.GRADIENTS));
                SavedForward saved =
                        backend.forwardForGradient(
                                plan,
                                new ForwardTensors(tensor, tensor, tensor, null, tensor, null),
                                null)) {
            // delta_rows and ffma_queries go well.
            emulation.fail("cuLaunchKernel", 2, 719);
            BackwardTensors tensors =
                    new BackwardTensors(
                            tensor, tensor, tensor, null, tensor, tensor, tensor, tensor, tensor,
                            null);
            assertThatThrownBy(() -> backend.backward(plan, saved, tensors))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("kernel 'ffma_keys_32'");
            assertThatThrownBy(() -> backend.backward(plan, saved, tensors))
                    .isInstanceOf(IllegalStateException.class);
            requireFailedForGood(backend);
        }
    }

    @Test
    void aFullGpuInThePlanLeavesNothingBehind() {
        try (KernelBackend backend = backend(Map.of())) {
            emulation.memory(100);
            assertThatThrownBy(() -> plan(backend, Device.Kind.CPU))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("no room for another");
            assertThat(emulation.blocks()).isZero();
            emulation.memory(1 << 30);
            forward(backend);
        }
        assertThat(emulation.blocks()).isZero();
    }

    @Test
    void aDeviceThatIsLostBetweenCallsIsSeenByThePlan() {
        try (KernelBackend backend = backend(Map.of())) {
            forward(backend);
            emulation.fail("cuMemcpyHtoD_v2", 0, 700);
            assertThatThrownBy(() -> plan(backend, Device.Kind.CPU))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("cuMemcpyHtoD");
            requireFailedForGood(backend);
        }
    }

    /** Neither a head size nor a bias that was not declared gets as far as the driver. */
    @Test
    void whatIsNotDeclaredIsRefusedBeforeTheDriverIsAsked() {
        try (KernelBackend backend = backend(Map.of());
                AttentionPlan plan = plan(backend, Device.Kind.CPU)) {
            int calls = emulation.log().size();
            Workload large =
                    new Workload(PATTERN, 129, ElementType.FP32, Device.Kind.CPU, Set.of());
            assertThatThrownBy(() -> backend.plan(LAYOUT, QueryRows.all(), large))
                    .isInstanceOf(UnsupportedWorkloadException.class)
                    .hasMessageContaining("129");
            TensorView tensor = tensor(ElementType.FP32, TOKENS);
            TensorView bias = TensorView.of(arena.allocate(88), ElementType.FP32, 2, 11);
            assertThatThrownBy(() ->
                            backend.forward(
                                    plan,
                                    new ForwardTensors(tensor, tensor, tensor, bias, tensor, null),
                                    null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("declares no offset bias and the call has a tensor");
            assertThat(emulation.log()).hasSize(calls);
        }
    }

    /** Not one more call reaches the driver. */
    private void requireFailedForGood(KernelBackend backend) {
        int calls = emulation.log().size();
        assertThatThrownBy(() -> forward(backend))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has failed for good")
                .hasMessageContaining("start the process again");
        assertThat(emulation.log()).hasSize(calls);
    }

    @Test
    void theSynchronousOptionNamesTheKernelOfALateError() {
        try (KernelBackend backend = backend(Map.of("synchronous", "true"))) {
            emulation.fail("cuStreamSynchronize", 0, 700);
            assertThatThrownBy(() -> forward(backend))
                    .hasMessageContaining("cuStreamSynchronize after kernel 'ffma_forward_32'");
        }
    }

    @Test
    void anImageThatTheDriverRefusesIsNamed() {
        try (KernelBackend backend = backend(Map.of())) {
            emulation.fail("cuModuleLoadDataEx", 0, 222);
            assertThatThrownBy(() -> forward(backend))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("image 'ffma-fp32'")
                    .hasMessageContaining("222")
                    .hasMessageEndingWith("line 1: the fake's compiler has no opinion");
            forward(backend);
        }
    }

    @Test
    void aDeviceThatCannotBeOpenedLeavesNothingBehind() {
        emulation.fail("cuDevicePrimaryCtxRetain", 0, 2);
        assertThatThrownBy(() -> backend(Map.of()))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("GPU 0")
                .hasMessageContaining("cuDevicePrimaryCtxRetain");
        assertThat(emulation.balance()).isZero();
    }

    @Test
    void aGpuThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> backend(Map.of("device", "3")))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("on GPU 3");
    }

    @Test
    void anOptionForAnotherDeviceIsRefused() {
        assertThatThrownBy(() -> backend(Map.of("hopper", "true")))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("'hopper'")
                .hasMessageContaining("GPU 0 has 8.6");
        assertThat(emulation.balance()).isZero();
    }

    @Test
    void availabilityFollowsTheDriver() {
        assertThat(provider.availability())
                .isEqualTo(
                        new Availability.Available(
                                "a driver for CUDA 12.4; Emulated GPU, compute capability 8.6"));
        emulation.device(7, 0, 12040, 1);
        assertThat(provider.availability()).isInstanceOf(Availability.Unavailable.class);
        emulation.device(8, 0, 10020, 1);
        assertThat(provider.availability()).isInstanceOf(Availability.Unavailable.class);
    }

    @Test
    void tensorsThatDoNotFitAreRefusedBeforeAnyLaunch() {
        try (KernelBackend backend = backend(Map.of());
                AttentionPlan plan = plan(backend, Device.Kind.CPU)) {
            TensorView right = tensor(ElementType.FP32, TOKENS);
            TensorView shorter = tensor(ElementType.FP32, TOKENS - 1);
            TensorView half = tensor(ElementType.BF16, TOKENS);
            TensorView away = onDevice(right.address());
            refused(backend, plan, right, shorter, "'key'", "[100, 2, 32]");
            refused(backend, plan, right, half, "'key'", "FP32");
            refused(backend, plan, away, right, "'query'", "must be on CPU");
            assertThat(emulation.log()).noneMatch(l -> l.startsWith("cuLaunchKernel"));
        }
    }

    private static void refused(
            KernelBackend backend,
            AttentionPlan plan,
            TensorView query,
            TensorView key,
            String... words) {
        ThrowingCallable call =
                () ->
                        backend.forward(
                                plan,
                                new ForwardTensors(query, key, query, null, query, null),
                                null);
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void tensorsOnTheDeviceAreUsedWhereTheyAre() {
        try (Gpu gpu = gpu();
                KernelBackend backend = backend(Map.of());
                AttentionPlan plan = plan(backend, Device.Kind.CUDA)) {
            MemorySegment ones = arena.allocate(TOKENS * 2L * HEAD_SIZE * Float.BYTES, 64);
            for (long i = 0; i < ones.byteSize() / Float.BYTES; i++) {
                ones.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
            }
            DeviceBlock memory = gpu.with(Device.Kind.CPU, () -> gpu.allocate(2 * ones.byteSize()));
            gpu.with(
                    Device.Kind.CPU,
                    () -> {
                        gpu.write(memory.address(), ones);
                        return true;
                    });
            TensorView in = onDevice(memory.address());
            TensorView out = onDevice(memory.address() + ones.byteSize());
            int before = emulation.log().size();
            backend.forward(plan, new ForwardTensors(in, in, in, null, out, null), null);
            List<String> calls = emulation.log();
            assertThat(calls.subList(before, calls.size()))
                    .noneMatch(l -> l.startsWith("cuMemcpy") || l.startsWith("cuMemAlloc"))
                    .anyMatch(l -> l.startsWith("cuLaunchKernel ffma_forward_32"));
            MemorySegment result = arena.allocate(ones.byteSize());
            gpu.with(
                    Device.Kind.CPU,
                    () -> {
                        gpu.read(result, out.address());
                        return true;
                    });
            // An average of ones.
            for (float average : result.toArray(ValueLayout.JAVA_FLOAT)) {
                assertThat(average).isBetween(0.99999f, 1.00001f);
            }
        }
    }

    private Gpu gpu() {
        return provider.open(0, false, false);
    }

    private void forward(KernelBackend backend) {
        TensorView tensor = tensor(ElementType.FP32, TOKENS);
        TensorView output = tensor(ElementType.FP32, TOKENS);
        try (AttentionPlan plan = plan(backend, Device.Kind.CPU)) {
            backend.forward(
                    plan, new ForwardTensors(tensor, tensor, tensor, null, output, null), null);
        }
    }

    private static AttentionPlan plan(KernelBackend backend, Device.Kind device) {
        return plan(backend, device, Set.of());
    }

    private static AttentionPlan plan(
            KernelBackend backend, Device.Kind device, Set<Feature> calls) {
        return backend.plan(
                LAYOUT,
                QueryRows.all(),
                new Workload(PATTERN, HEAD_SIZE, ElementType.FP32, device, calls));
    }

    private TensorView tensor(ElementType type, long rows) {
        return TensorView.of(
                arena.allocate(rows * 2 * HEAD_SIZE * type.bytes(), 64), type, rows, 2, HEAD_SIZE);
    }

    private static TensorView onDevice(long address) {
        return TensorView.contiguous(
                address, ElementType.FP32, new Device(Device.Kind.CUDA, 0), TOKENS, 2, HEAD_SIZE);
    }

    private KernelBackend backend(Map<String, String> options) {
        return (KernelBackend)
                provider.create(
                        new BackendContext(
                                BackendOptions.of("cuda", provider.options(), options),
                                Device.CPU,
                                1));
    }
}
