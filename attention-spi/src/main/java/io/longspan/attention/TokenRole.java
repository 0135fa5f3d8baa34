package io.longspan.attention;

/**
 * What a token is to attention. The ordinal is the byte that {@link SequenceLayout} and device code
 * store.
 */
public enum TokenRole {
    /** Neither sees nor is seen; it still counts when distances are measured. */
    MASKED,
    /** Sees its window and every global token of its sequence. */
    LOCAL,
    /** Seen by every token of its sequence; its own row is computed by the model core. */
    GLOBAL;

    private static final TokenRole[] BY_CODE = values();

    /** The stored form: 0 masked, 1 local, 2 global. */
    public byte code() {
        return (byte) ordinal();
    }

    /**
     * The role stored as {@code code}.
     *
     * @throws IllegalArgumentException when the code is none of 0, 1, 2
     */
    public static TokenRole of(byte code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException(
                    "token role is " + code + "; allowed are 0 masked, 1 local, 2 global");
        }
        return BY_CODE[code];
    }
}
