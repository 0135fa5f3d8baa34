package io.longspan.attention.testkit.run;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Makes the use of freed buffers show. */
final class FreedMemory {
    private static final int ROUNDS = 3;
    private static final long PAUSE_NANOS = 15_000_000;
    private static final int LARGEST = 1 << 16;
    private static final int COPIES = 24;

    private FreedMemory() {}

    /**
     * Has the collector free what nobody refers to, and fills memory of the like sizes; the caller
     * keeps the buffers while it looks for damage.
     */
    static List<ByteBuffer> overwrite() {
        List<ByteBuffer> filled = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            System.gc();
            // Buffers are freed by a thread of the JDK, a moment after the collection.
            LockSupport.parkNanos(PAUSE_NANOS);
            for (int bytes = 64; bytes <= LARGEST; bytes *= 2) {
                for (int copy = 0; copy < COPIES; copy++) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
                    while (buffer.hasRemaining()) {
                        buffer.put((byte) 0x7F);
                    }
                    filled.add(buffer);
                }
            }
        }
        return filled;
    }
}
