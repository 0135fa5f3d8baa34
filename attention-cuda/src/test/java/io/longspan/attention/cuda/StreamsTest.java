package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels go to the stream that libtorch uses, and streams wait for each other. */
final class StreamsTest {
    private static final int TOKENS = 70;
    private static final int HEAD_SIZE = 32;
    private static final long BYTES = TOKENS * 2L * HEAD_SIZE * Float.BYTES;

    @TempDir private Path folder;
    private final Emulation emulation = Emulation.shipped();
    private final Arena arena = Arena.ofShared();
    private final KernelBackend backend =
            (KernelBackend)
                    emulation
                            .provider()
                            .create(
                                    new BackendContext(
                                            BackendOptions.of(
                                                    "cuda",
                                                    emulation.provider().options(),
                                                    Map.of()),
                                            Device.CPU,
                                            1));

    @AfterEach
    void close() {
        backend.close();
        arena.close();
        assertThat(emulation.balance()).isZero();
    }

    @Test
    void withoutLibtorchEverythingGoesToTheNullStream() {
        forward(Device.Kind.CUDA);
        assertThat(launches()).allMatch(line -> !line.contains("stream"));
        assertThat(emulation.log()).noneMatch(line -> line.startsWith("cuEvent"));
    }

    @Test
    void tensorsOnTheDeviceAreServedOnLibtorchsStream() {
        try (Torch torch = torch()) {
            torch.use(0x77, 0);
            forward(Device.Kind.CUDA);
            assertThat(launches()).hasSize(1).allMatch(line -> line.endsWith("stream 119"));
            // Tables are copied on the null stream, and the kernel's stream waits for that.
            assertThat(ordering())
                    .containsSubsequence(
                            "cuEventRecord 0",
                            "cuStreamWaitEvent 119",
                            "cuEventRecord 119",
                            "cuStreamWaitEvent 0",
                            "cuMemcpyHtoD_v2",
                            "cuEventRecord 0",
                            "cuStreamWaitEvent 119",
                            "cuLaunchKernel");
            backend.close();
        }
    }

    @Test
    void aCallInAnotherStreamWaitsForTheOneBefore() {
        try (Torch torch = torch()) {
            torch.use(0x11, 0);
            forward(Device.Kind.CUDA);
            int before = emulation.log().size();
            torch.use(0x12, 0);
            forward(Device.Kind.CUDA);
            assertThat(emulation.log().subList(before, emulation.log().size()))
                    .containsSubsequence("cuEventRecord 17", "cuStreamWaitEvent 18")
                    .anyMatch(line -> line.endsWith("stream 18"));
            int later = emulation.log().size();
            forward(Device.Kind.CPU);
            assertThat(emulation.log().subList(later, emulation.log().size()))
                    .containsSubsequence("cuEventRecord 18", "cuStreamWaitEvent 0")
                    .noneMatch(line -> line.contains("stream 18"));
            backend.close();
        }
    }

    /** 400 is CUDA_ERROR_INVALID_HANDLE: the stream before was its owner's to destroy. */
    @Test
    void aStreamThatIsGoneIsNotWaitedForButEverythingIs() {
        try (Torch torch = torch()) {
            torch.use(0x11, 0);
            forward(Device.Kind.CUDA);
            torch.use(0x12, 0);
            int before = emulation.log().size();
            emulation.fail("cuEventRecord", 0, 400);
            forward(Device.Kind.CUDA);
            List<String> calls = emulation.log().subList(before, emulation.log().size());
            assertThat(calls).containsSubsequence("cuEventRecord 17", "cuCtxSynchronize");
            assertThat(calls).filteredOn(l -> l.endsWith("stream 18")).hasSize(1);
            backend.close();
        }
    }

    @Test
    void aContextThatIsLostWhenStreamsChangeEndsTheBackend() {
        try (Torch torch = torch()) {
            torch.use(0x11, 0);
            forward(Device.Kind.CUDA);
            torch.use(0x12, 0);
            emulation.fail("cuEventRecord", 0, 700);
            assertThatThrownBy(() -> forward(Device.Kind.CUDA)).isInstanceOf(CudaException.class);
            assertThatThrownBy(() ->
                            backend.plan(
                                    SequenceLayout.allLocal(TOKENS),
                                    QueryRows.all(),
                                    workload(Device.Kind.CPU)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has failed for good");
            backend.close();
        }
        emulation.reset();
    }

    /** The end of a backend does not depend on somebody else's stream. */
    @Test
    void closingWaitsForTheWholeDevice() {
        forward(Device.Kind.CUDA);
        backend.close();
        assertThat(emulation.log()).contains("cuCtxSynchronize");
    }

    @Test
    void aLibtorchWithoutTheFunctionIsNamedAndLetGo() {
        try (Torch torch = torch("-DWITHOUT_STREAMS");
                TorchStreams streams = new TorchStreams()) {
            torch.use(0, 0);
            assertThatThrownBy(() -> streams.current(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "libtorch_cuda.so lacks aoti_torch_get_current_cuda_stream");
        }
        try (TorchStreams streams = new TorchStreams()) {
            assertThat(streams.current(0)).isZero();
        }
    }

    @Test
    void aLibtorchThatDoesNotSayItsStreamIsNamed() {
        try (Torch torch = torch()) {
            torch.use(0, 3);
            assertThatThrownBy(() -> forward(Device.Kind.CUDA))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("aoti_torch_get_current_cuda_stream(0) with 3");
            backend.close();
        }
    }

    private List<String> launches() {
        return emulation.log().stream().filter(l -> l.startsWith("cuLaunchKernel")).toList();
    }

    /** The log without the sizes of copies and the geometry of launches. */
    private List<String> ordering() {
        return emulation.log().stream()
                .map(l ->
                        l.startsWith("cuEvent") || l.startsWith("cuStream")
                                ? l
                                : l.replaceFirst(" .*", ""))
                .toList();
    }

    private static Workload workload(Device.Kind kind) {
        AttentionPattern pattern = AttentionPattern.symmetric(2, 5, HEAD_SIZE);
        return new Workload(pattern, HEAD_SIZE, ElementType.FP32, kind, Set.of());
    }

    private void forward(Device.Kind kind) {
        try (Gpu gpu = emulation.provider().open(0, false, false);
                AttentionPlan plan =
                        backend.plan(
                                SequenceLayout.allLocal(TOKENS), QueryRows.all(), workload(kind))) {
            TensorView tensor =
                    kind == Device.Kind.CPU
                            ? TensorView.of(
                                    arena.allocate(BYTES, 64),
                                    ElementType.FP32,
                                    TOKENS,
                                    2,
                                    HEAD_SIZE)
                            : TensorView.contiguous(
                                    gpu.with(Device.Kind.CPU, () -> gpu.allocate(BYTES)).address(),
                                    ElementType.FP32,
                                    new Device(Device.Kind.CUDA, 0),
                                    TOKENS,
                                    2,
                                    HEAD_SIZE);
            backend.forward(
                    plan, new ForwardTensors(tensor, tensor, tensor, null, tensor, null), null);
        }
    }

    private Torch torch(String... more) {
        Path library = folder.resolve(TorchStreams.LIBRARY);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "g++",
                                "-shared",
                                "-fPIC",
                                "-Wl,-soname," + TorchStreams.LIBRARY,
                                "-o",
                                library.toString(),
                                "src/test/native/fake_torch.cpp"));
        command.addAll(List.of(more));
        Tools.run(command);
        return new Torch(library);
    }

    /** A library that says it is libtorch's, loaded until it is closed. */
    private static final class Torch implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final SymbolLookup symbols;

        Torch(Path library) {
            symbols = SymbolLookup.libraryLookup(library, arena);
        }

        void use(long stream, int status) {
            try {
                Linker.nativeLinker()
                        .downcallHandle(
                                symbols.findOrThrow("fake_stream"),
                                FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT))
                        .invokeExact(MemorySegment.ofAddress(stream), status);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
