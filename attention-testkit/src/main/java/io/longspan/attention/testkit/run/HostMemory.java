package io.longspan.attention.testkit.run;

import io.longspan.attention.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Host memory, an arena per block. */
final class HostMemory implements KernelMemory {
    private static final long CACHE_LINE = 64;

    @Override
    public Device device() {
        return Device.CPU;
    }

    // The block closes the arena.
    @SuppressWarnings("MustBeClosedChecker")
    @Override
    public Block allocate(long bytes) {
        Arena arena = Arena.ofConfined();
        return new HostBlock(arena, arena.allocate(bytes, CACHE_LINE));
    }

    private record HostBlock(Arena arena, MemorySegment segment) implements Block {
        @Override
        public long address() {
            return segment.address();
        }

        @Override
        public void write(MemorySegment source) {
            segment.copyFrom(source);
        }

        @Override
        public void read(MemorySegment target) {
            target.copyFrom(segment);
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
