package io.longspan.attention.cuda;

import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** The structs of {@code call.cuh}, field by field; pointers are longs. */
final class CallLayout {
    static final StructLayout VIEW =
            structLayout(
                    JAVA_LONG.withName("address"),
                    JAVA_LONG.withName("row"),
                    JAVA_LONG.withName("head"));

    static final StructLayout ITEM =
            structLayout(
                    JAVA_INT.withName("start"),
                    JAVA_INT.withName("sequence"),
                    JAVA_INT.withName("head"),
                    JAVA_INT.withName("residue"),
                    JAVA_INT.withName("dilation"),
                    JAVA_INT.withName("length"),
                    JAVA_INT.withName("left"),
                    JAVA_INT.withName("right"),
                    JAVA_INT.withName("first"),
                    JAVA_INT.withName("firstGlobal"),
                    JAVA_INT.withName("globalCount"),
                    JAVA_INT.withName("otherFirst"),
                    JAVA_INT.withName("otherEnd"),
                    JAVA_INT.withName("part"));

    static final StructLayout CALL =
            structLayout(
                    VIEW.withName("query"),
                    VIEW.withName("key"),
                    VIEW.withName("value"),
                    VIEW.withName("output"),
                    VIEW.withName("outputGradient"),
                    VIEW.withName("queryGradient"),
                    VIEW.withName("keyGradient"),
                    VIEW.withName("valueGradient"),
                    VIEW.withName("logSumExp"),
                    VIEW.withName("bias"),
                    VIEW.withName("biasGradient"),
                    JAVA_LONG.withName("items"),
                    JAVA_LONG.withName("roles"),
                    JAVA_LONG.withName("rowOf"),
                    JAVA_LONG.withName("globals"),
                    JAVA_LONG.withName("softmax"),
                    JAVA_LONG.withName("delta"),
                    JAVA_LONG.withName("partial"),
                    JAVA_LONG.withName("biasPartial"),
                    JAVA_LONG.withName("samples"),
                    JAVA_LONG.withName("dropoutKey"),
                    JAVA_INT.withName("heads"),
                    JAVA_INT.withName("headSize"),
                    JAVA_INT.withName("rows"),
                    JAVA_INT.withName("causal"),
                    JAVA_INT.withName("dropThreshold"),
                    JAVA_FLOAT.withName("keepScale"),
                    JAVA_FLOAT.withName("scale"),
                    JAVA_FLOAT.withName("scoreLog2"),
                    JAVA_INT.withName("biasLeft"),
                    JAVA_INT.withName("biasColumns"));

    private CallLayout() {}

    static void set(MemorySegment call, String field, long value) {
        call.set(JAVA_LONG, offset(field), value);
    }

    static void set(MemorySegment call, String field, int value) {
        call.set(JAVA_INT, offset(field), value);
    }

    static void set(MemorySegment call, String field, float value) {
        call.set(JAVA_FLOAT, offset(field), value);
    }

    static void set(MemorySegment call, String field, DeviceView view) {
        long at = offset(field);
        call.set(JAVA_LONG, at, view.address());
        call.set(JAVA_LONG, at + VIEW.byteOffset(PathElement.groupElement("row")), view.row());
        call.set(JAVA_LONG, at + VIEW.byteOffset(PathElement.groupElement("head")), view.head());
    }

    static long offset(String field) {
        return CALL.byteOffset(PathElement.groupElement(field));
    }

    /** Bytes of an array of items. */
    static MemoryLayout items(long count) {
        return MemoryLayout.sequenceLayout(count, ITEM);
    }
}
