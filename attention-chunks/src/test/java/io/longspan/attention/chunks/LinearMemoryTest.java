package io.longspan.attention.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.Device;
import io.longspan.attention.SequenceLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Measures the process, since an NDArray that a graph holds is in no manager's list. One [T, T]
 * array of these calls would be 4 GiB in float32 and 1 GiB of booleans.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads the peak memory from /proc")
final class LinearMemoryTest {
    private static final int TOKENS = 32_768;
    private static final int REACH = 64;
    private static final int SIZE = 16;

    /** Scores are T * (c + 2w) at most; six arrays of that size in float32 are a generous graph. */
    private static final long MOST_BYTES = 6L * 4 * TOKENS * (64 + 2 * REACH);

    private static final SequenceLayout LAYOUT = SequenceLayout.allLocal(TOKENS);
    private static final AttentionPattern PATTERN = AttentionPattern.symmetric(1, REACH, SIZE);

    @Test
    void forwardAloneIsFarBelowTheSquareOfTheLength() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu());
                ComposedBackend backend = backend()) {
            warmUp(backend, manager);
            NDArray input = manager.randomNormal(new Shape(TOKENS, 1, SIZE));
            long before = resetPeak();
            backend.forward(ComposedCall.of(input, input, input, LAYOUT, PATTERN));
            assertThat(peak() - before).as("bytes at the peak").isLessThan(MOST_BYTES);
        }
    }

    @Test
    void theGraphIsFarBelowTheSquareOfTheLength() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu());
                ComposedBackend backend = backend();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            warmUp(backend, manager);
            NDArray input = manager.randomNormal(new Shape(TOKENS, 1, SIZE));
            input.setRequiresGradient(true);
            long before = resetPeak();
            ComposedCall call = ComposedCall.of(input, input, input, LAYOUT, PATTERN);
            NDArray output = backend.forward(call).output();
            collector.backward(output.sum());
            assertThat(peak() - before).as("bytes at the peak").isLessThan(MOST_BYTES);
        }
    }

    /** Class loading, thread pools and the engine's own buffers are not what is measured. */
    private static void warmUp(ComposedBackend backend, NDManager manager) {
        NDArray input = manager.randomNormal(new Shape(500, 1, SIZE));
        SequenceLayout layout = SequenceLayout.allLocal(500);
        backend.forward(ComposedCall.of(input, input, input, layout, PATTERN));
    }

    private static ComposedBackend backend() {
        ChunksAttentionProvider provider = new ChunksAttentionProvider();
        BackendOptions none = BackendOptions.of(provider.name(), List.of(), Map.of());
        return (ComposedBackend) provider.create(new BackendContext(none, Device.CPU, 2));
    }

    /** Forgets the peak so far and returns the bytes resident now. */
    private static long resetPeak() throws IOException {
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        return status("VmRSS:");
    }

    private static long peak() throws IOException {
        return status("VmHWM:");
    }

    private static long status(String name) throws IOException {
        String line =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(l -> l.startsWith(name))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }
}
