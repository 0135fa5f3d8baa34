package io.longspan.attention.cuda;

import io.longspan.attention.Device;
import io.longspan.attention.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one call on the device: views in device memory as they are, views in host memory
 * as dense copies, and blocks of the call's own. Only inside {@link Gpu#with}.
 */
final class Staging implements AutoCloseable {
    private final Gpu gpu;
    private final Arena arena = Arena.ofConfined();
    private final List<DeviceBlock> blocks = new ArrayList<>();
    private final List<Runnable> returns = new ArrayList<>();

    Staging(Gpu gpu) {
        this.gpu = gpu;
    }

    /** A tensor to be read. */
    DeviceView input(TensorView view) {
        if (view.device().kind() == Device.Kind.CUDA) {
            return DeviceView.of(view);
        }
        long address = block(denseBytes(view));
        gpu.write(address, DenseCopy.of(view, arena));
        return dense(view, address);
    }

    /** A tensor to be written whole. */
    DeviceView output(TensorView view) {
        if (view.device().kind() == Device.Kind.CUDA) {
            return DeviceView.of(view);
        }
        long address = block(denseBytes(view));
        returns.add(() -> {
            if (view.isContiguous()) {
                gpu.read(view.segment(), address);
            } else {
                MemorySegment rows = arena.allocate(denseBytes(view), Long.BYTES);
                gpu.read(rows, address);
                DenseCopy.into(rows, view);
            }
        });
        return dense(view, address);
    }

    /** As {@link #output}; none when there is no tensor. */
    DeviceView outputOrNone(@Nullable TensorView view) {
        return view == null ? DeviceView.NONE : output(view);
    }

    /** As {@link #input}; none when there is no tensor. */
    DeviceView inputOrNone(@Nullable TensorView view) {
        return view == null ? DeviceView.NONE : input(view);
    }

    /** Numbers of the call, copied. */
    long numbers(long... numbers) {
        long address = block((long) numbers.length * Long.BYTES);
        gpu.write(address, arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_LONG, numbers));
        return address;
    }

    /** Device memory for the length of the call. */
    long block(long bytes) {
        DeviceBlock block = gpu.allocate(bytes);
        blocks.add(block);
        return block.address();
    }

    MemorySegment call() {
        return arena.allocate(CallLayout.CALL);
    }

    /** Copies outputs back to the host; kernels that went wrong say so here. */
    void finish() {
        returns.forEach(Runnable::run);
    }

    @Override
    public void close() {
        blocks.forEach(DeviceBlock::close);
        arena.close();
    }

    private static long denseBytes(TensorView view) {
        return Math.multiplyExact(view.elements(), view.type().bytes());
    }

    private static DeviceView dense(TensorView view, long address) {
        long head = view.rank() == 3 ? view.size(2) : 1;
        return new DeviceView(address, view.size(1) * head, head);
    }
}
