package io.longspan.model.linear;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Checks what a call of a packed linear is given. */
final class LinearArguments {
    private LinearArguments() {}

    static void check(
            PackedLinear linear,
            MemorySegment rows,
            long count,
            MemorySegment output,
            @Nullable MemorySegment residual) {
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "count is " + count + "; it must be from 0 to " + Integer.MAX_VALUE);
        }
        requireFloats("rows", rows, count * linear.in());
        requireFloats("output", output, count * linear.out());
        requireApart("rows", rows, output);
        boolean adds = linear.finish() == Finish.ADD;
        if (adds != (residual != null)) {
            throw new IllegalArgumentException(
                    "a residual is "
                            + (adds ? "missing" : "given")
                            + " for a linear packed with Finish."
                            + linear.finish()
                            + "; pass one with Finish.ADD only");
        }
        if (residual != null) {
            requireFloats("residual", residual, count * linear.out());
            requireApart("residual", residual, output);
        }
    }

    private static void requireFloats(String what, MemorySegment memory, long count) {
        if (!memory.scope().isAlive()) {
            throw new IllegalArgumentException(what + " is in memory that was closed");
        }
        if (!memory.isNative() || memory.byteSize() != count * Float.BYTES) {
            throw new IllegalArgumentException(
                    what
                            + " has "
                            + memory.byteSize()
                            + (memory.isNative() ? "" : " heap")
                            + " bytes; it must have "
                            + count * Float.BYTES
                            + " native ones");
        }
    }

    private static void requireApart(String what, MemorySegment input, MemorySegment output) {
        if (output.asOverlappingSlice(input).isPresent()) {
            throw new IllegalArgumentException(
                    what + " and output share memory; give the output memory of its own");
        }
    }
}
