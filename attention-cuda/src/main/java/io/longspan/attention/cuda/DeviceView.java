package io.longspan.attention.cuda;

import io.longspan.attention.TensorView;

/**
 * A tensor [rows, heads, headSize] or [rows, heads] in device memory.
 *
 * @param address of its first element
 * @param row elements from a row to the next
 * @param head elements from a head to the next
 */
record DeviceView(long address, long row, long head) {
    /** No tensor. */
    static final DeviceView NONE = new DeviceView(0, 0, 0);

    /** Elements that a copy of 16 bytes moves at once, for elements of 2 bytes. */
    private static final int COPIED = 8;

    private static final int COPIED_BYTES = 16;

    static DeviceView of(TensorView view) {
        return new DeviceView(view.address(), view.stride(0), view.stride(1));
    }

    /** Whether rows of 2-byte elements can be read 16 bytes at a time. */
    boolean isAligned() {
        return address % COPIED_BYTES == 0 && row % COPIED == 0 && head % COPIED == 0;
    }
}
