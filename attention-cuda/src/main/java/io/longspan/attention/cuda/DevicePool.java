package io.longspan.attention.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Device memory that is kept for the next call: the driver's own allocation waits for the whole
 * device. A block that was given back may still be read by a kernel on its way; whoever gets it
 * next uses it behind that kernel, for everything runs on one stream.
 *
 * <p>Safe for use by several threads; allocating needs the device's context to be current.
 */
final class DevicePool {
    /** Small blocks are rounded up to this, large ones to an eighth of their size. */
    private static final long GRAIN = 512;

    private final Driver driver;
    private final Map<Long, Deque<Long>> free = new TreeMap<>();
    private final Set<Long> all = new HashSet<>();

    DevicePool(Driver driver) {
        this.driver = driver;
    }

    synchronized DeviceBlock allocate(long wanted) {
        long bytes = rounded(wanted);
        Deque<Long> fitting = free.get(bytes);
        if (fitting != null && !fitting.isEmpty()) {
            return new DeviceBlock(this, fitting.pop(), bytes);
        }
        long address;
        try {
            address = driver.allocate(bytes);
        } catch (CudaException e) {
            if (e.status() != CudaException.OUT_OF_MEMORY) {
                throw e;
            }
            address = allocateAfterClearing(bytes, e);
        }
        all.add(address);
        return new DeviceBlock(this, address, bytes);
    }

    private long allocateAfterClearing(long bytes, CudaException first) {
        if (free.isEmpty()) {
            throw full(bytes, first);
        }
        clear();
        try {
            return driver.allocate(bytes);
        } catch (CudaException e) {
            throw e.status() == CudaException.OUT_OF_MEMORY ? full(bytes, e) : e;
        }
    }

    private CudaException full(long bytes, CudaException cause) {
        CudaException full =
                new CudaException(
                        cause.status(),
                        "the GPU has no room for another "
                                + bytes
                                + " bytes of attention; "
                                + driver.memory()
                                + "; use smaller batches or shorter sequences");
        full.initCause(cause);
        return full;
    }

    synchronized void giveBack(DeviceBlock block) {
        if (block.takeOpen() && all.contains(block.address())) {
            free.computeIfAbsent(block.bytes(), bytes -> new ArrayDeque<>()).push(block.address());
        }
    }

    /** Frees what nobody uses. */
    private void clear() {
        for (Deque<Long> blocks : free.values()) {
            for (long address : blocks) {
                all.remove(address);
                driver.free(address);
            }
        }
        free.clear();
    }

    /** Frees everything, blocks in use too. */
    synchronized void close() {
        free.clear();
        for (long address : all) {
            driver.free(address);
        }
        all.clear();
    }

    /** The sizes of blocks are few, so that they are found again. */
    private static long rounded(long wanted) {
        long grain = Math.max(GRAIN, Long.highestOneBit(Math.max(1, wanted)) / 8);
        return Math.ceilDiv(Math.max(1, wanted), grain) * grain;
    }
}
