package io.longspan.attention.testkit.run;

import io.longspan.attention.Device;
import java.lang.foreign.MemorySegment;

/**
 * Where the kit puts the tensors of a kernel: host memory, or the memory of a device if a backend's
 * own test says how to get at it.
 */
public interface KernelMemory {
    /** Host memory. */
    static KernelMemory host() {
        return new HostMemory();
    }

    /** The device whose memory it is. */
    Device device();

    /** Memory of any content; the caller closes it. */
    Block allocate(long bytes);

    /** One piece of memory. */
    interface Block extends AutoCloseable {
        /** Address of its first byte, on the device. */
        long address();

        /** Copies a host segment of the block's size into it; done when the call returns. */
        void write(MemorySegment source);

        /** Copies it into a host segment of its size, after every kernel before has finished. */
        void read(MemorySegment target);

        @Override
        void close();
    }
}
