package io.longspan.attention;

/** How the elements of a tensor are stored. Softmax and sums are float32 whatever the storage. */
public enum ElementType {
    /** IEEE 754 binary32. */
    FP32(4),
    /** IEEE 754 binary16. */
    FP16(2),
    /** The upper half of a binary32. */
    BF16(2);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
