package io.longspan.model.linear;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Float32 numbers in rows of native memory that somebody else owns.
 *
 * @param memory that holds them, readable by every thread
 * @param start of the first row, in numbers
 * @param rows of it
 * @param columns of a row
 * @param pitch numbers from one row to the next
 */
public record Matrix(MemorySegment memory, long start, int rows, int columns, int pitch) {
    /** Checks that all of it lies in the memory. */
    public Matrix {
        if (rows < 1 || columns < 1 || pitch < columns || start < 0) {
            throw new IllegalArgumentException(
                    "a matrix of "
                            + rows
                            + " rows and "
                            + columns
                            + " columns, "
                            + pitch
                            + " apart, from "
                            + start
                            + " on; sizes must be at least 1 and rows may not overlap");
        }
        long end = (start + (rows - 1L) * pitch + columns) * Float.BYTES;
        if (!memory.isNative() || end > memory.byteSize()) {
            throw new IllegalArgumentException(
                    "a matrix that ends at byte "
                            + end
                            + " lies in "
                            + memory.byteSize()
                            + " bytes; give it native memory that holds it");
        }
    }

    /** All of a memory, row after row. */
    public static Matrix of(MemorySegment memory, int rows, int columns) {
        return new Matrix(memory, 0, rows, columns, columns);
    }

    /** Some of the rows, in the same memory. */
    public Matrix part(int first, int count) {
        return new Matrix(memory, start + (long) first * pitch, count, columns, pitch);
    }

    /** Some of the columns, in the same memory. */
    public Matrix columns(int first, int count) {
        return new Matrix(memory, start + first, rows, count, pitch);
    }

    /** Byte of the memory where a row begins. */
    public long at(int row) {
        return (start + (long) row * pitch) * Float.BYTES;
    }

    /** Copies the first numbers of a row out. */
    public void read(int row, float[] line) {
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at(row), line, 0, columns);
    }

    /** Copies the first numbers of a line into a row. */
    public void write(float[] line, int row) {
        MemorySegment.copy(line, 0, memory, ValueLayout.JAVA_FLOAT, at(row), columns);
    }

    /** From the first number on; as alive as the memory. */
    MemorySegment address() {
        return memory.asSlice(start * Float.BYTES);
    }
}
