package io.longspan.attention.cuda;

import io.longspan.attention.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One device: its primary context, the kernels that were loaded, and a pool of its memory. One
 * thread at a time works on it, on the stream that the tensors' owner uses: libtorch's current one
 * for tensors on the device, the null one else. When the stream changes, the new one waits for the
 * old one on the device, so all that this class does has one order and memory can be used again at
 * once.
 *
 * <p>After an error that the driver does not recover from it is failed for good: every later use
 * says what happened first, and nothing is tried again.
 */
final class Gpu implements AutoCloseable {
    private static final int MAJOR = 75;
    private static final int MINOR = 76;

    private final Arena arena = Arena.ofShared();
    private final ReentrantLock lock = new ReentrantLock();
    private final Driver driver;
    private final int ordinal;
    private final int device;
    private final MemorySegment context;
    private final int capability;
    private final KernelLibrary kernels;
    private final DevicePool pool;
    private final boolean synchronous;
    private final boolean ownForward;
    private final TorchStreams torch = new TorchStreams();
    private @Nullable MemorySegment event;
    private long stream;
    private @Nullable CudaException failure;
    private boolean closed;

    /**
     * Opens a device.
     *
     * @param synchronous whether to wait for each kernel, so that its errors name it
     * @param ownForward whether to use the forward pass that is made for the device's own
     *     instructions
     */
    Gpu(String library, int ordinal, boolean synchronous, boolean ownForward) {
        this.ordinal = ordinal;
        this.synchronous = synchronous;
        this.ownForward = ownForward;
        boolean opened = false;
        try {
            driver = Driver.load(library, arena);
            driver.init();
            device = driver.device(ordinal);
            capability = driver.attribute(device, MAJOR) * 10 + driver.attribute(device, MINOR);
            context = driver.retain(device);
            kernels = new KernelLibrary(driver, capability, driver.version());
            pool = new DevicePool(driver);
            opened = true;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    int ordinal() {
        return ordinal;
    }

    /** Compute capability, 86 for 8.6. */
    int capability() {
        return capability;
    }

    /** Whether calls that it fits take the forward pass made for the device's own instructions. */
    boolean usesOwnForward() {
        return ownForward;
    }

    /**
     * Does something with the context current.
     *
     * @param tensors where the tensors are that it is about
     */
    <T> T with(Device.Kind tensors, Supplier<T> work) {
        lock.lock();
        try {
            requireSound();
            driver.push(context);
            try {
                follow(tensors == Device.Kind.CUDA ? torch.current(ordinal) : 0);
                return work.get();
            } finally {
                popQuietly();
            }
        } catch (CudaException e) {
            if (e.isSticky()) {
                failure = e;
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Goes on in a stream, behind everything so far. */
    private void follow(long next) {
        if (next != stream) {
            MemorySegment made = event;
            if (made == null) {
                made = driver.event();
                event = made;
            }
            try {
                driver.follow(next, stream, made);
            } catch (CudaException e) {
                if (e.isSticky()) {
                    throw e;
                }
                // The stream before belongs to somebody else and may be gone: wait for everything.
                driver.synchronizeAll();
            }
            stream = next;
        }
    }

    private void requireSound() {
        if (closed) {
            throw new IllegalStateException("the GPU was closed; create another backend");
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "attention backend 'cuda' has failed for good: "
                            + failure.getMessage()
                            + "; start the process again, or use another backend",
                    failure);
        }
    }

    /** A lost context cannot be popped either; the error that lost it is on its way already. */
    private void popQuietly() {
        try {
            driver.pop();
        } catch (CudaException e) {
            if (e.isSticky() && failure == null) {
                failure = e;
            }
        }
    }

    /** Device memory of any content; only inside {@link #with}. */
    DeviceBlock allocate(long bytes) {
        return pool.allocate(bytes);
    }

    /** Copies host memory to the device; done when it returns; only inside {@link #with}. */
    void write(long to, MemorySegment from) {
        if (from.byteSize() > 0) {
            onNullStream(() -> driver.toDevice(to, from));
        }
    }

    /** Copies device memory to the host, after all kernels before; only inside {@link #with}. */
    void read(MemorySegment to, long from) {
        onNullStream(() -> driver.toHost(to, from));
    }

    /**
     * The driver's plain copies go to the null stream, and streams of libtorch's pool do not wait
     * for that by themselves.
     */
    private void onNullStream(Runnable copy) {
        long before = stream;
        follow(0);
        copy.run();
        follow(before);
    }

    /** Starts a kernel; only inside {@link #with}. */
    void launch(String image, Launch launch, MemorySegment call) {
        MemorySegment function = kernels.function(image, launch);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment parameters = scratch.allocate(java.lang.foreign.ValueLayout.ADDRESS);
            parameters.set(java.lang.foreign.ValueLayout.ADDRESS, 0, call);
            driver.launch(function, launch, parameters, stream);
        }
        if (synchronous) {
            driver.synchronize(stream, launch.toString());
        }
    }

    /** Frees what it holds; a failed device's memory is freed with the process. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try {
                driver.push(context);
                try {
                    driver.synchronizeAll();
                    if (event != null) {
                        driver.destroy(event);
                    }
                    pool.close();
                    kernels.close();
                } finally {
                    driver.pop();
                }
            } catch (CudaException e) {
                if (failure == null && !e.isSticky()) {
                    throw e;
                }
            } finally {
                closeLibraries();
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeLibraries() {
        try {
            releaseQuietly();
        } finally {
            try {
                torch.close();
            } finally {
                arena.close();
            }
        }
    }

    private void releaseQuietly() {
        try {
            driver.release(device);
        } catch (CudaException e) {
            if (failure == null && !e.isSticky()) {
                throw e;
            }
        }
    }
}
