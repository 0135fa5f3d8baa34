package io.longspan.model.checkpoint;

/** How a file stores one value of a tensor; always little-endian. Names are those of the format. */
public enum DType {
    /** IEEE double. */
    F64(8, true),
    /** IEEE single. */
    F32(4, true),
    /** IEEE half. */
    F16(2, true),
    /** The upper half of an IEEE single. */
    BF16(2, true),
    /** Signed, 64 bits. */
    I64(8, false),
    /** Signed, 32 bits. */
    I32(4, false),
    /** Signed, 16 bits. */
    I16(2, false),
    /** Signed, 8 bits. */
    I8(1, false),
    /** Unsigned, 64 bits. */
    U64(8, false),
    /** Unsigned, 32 bits. */
    U32(4, false),
    /** Unsigned, 16 bits. */
    U16(2, false),
    /** Unsigned, 8 bits. */
    U8(1, false),
    /** 0 or 1 in 8 bits. */
    BOOL(1, false),
    /** 8-bit float, 4 bits of exponent; listed and copied, not converted. */
    F8_E4M3(1, false),
    /** 8-bit float, 5 bits of exponent; listed and copied, not converted. */
    F8_E5M2(1, false);

    private final int bytes;
    private final boolean real;

    DType(int bytes, boolean real) {
        this.bytes = bytes;
        this.real = real;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /** Whether values can be read as float32: F64, F32, F16, BF16. */
    public boolean isReal() {
        return real;
    }
}
