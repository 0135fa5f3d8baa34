package io.longspan.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Reads one whole number at a byte offset. */
@FunctionalInterface
interface LongReader {
    long read(MemorySegment data, long offset);

    /** The reader of a type; U64 is read as a signed number, real numbers have none. */
    static Optional<LongReader> of(DType dtype) {
        return Optional.ofNullable(
                switch (dtype) {
                    case I64, U64 -> (data, at) -> data.get(LittleEndian.LONG, at);
                    case I32 -> (data, at) -> data.get(LittleEndian.INT, at);
                    case U32 ->
                            (data, at) -> Integer.toUnsignedLong(data.get(LittleEndian.INT, at));
                    case I16 -> (data, at) -> data.get(LittleEndian.SHORT, at);
                    case U16 ->
                            (data, at) -> Short.toUnsignedLong(data.get(LittleEndian.SHORT, at));
                    case I8 -> (data, at) -> data.get(ValueLayout.JAVA_BYTE, at);
                    case U8 -> (data, at) -> data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
                    case BOOL -> (data, at) -> data.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : 1;
                    case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> null;
                });
    }
}
