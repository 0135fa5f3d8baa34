package io.longspan.attention;

/** What a token is to attention. */
public enum TokenRole {
    /** Neither sees nor is seen; it still counts when distances are measured. */
    MASKED((byte) 0),
    /** Sees its window and every global token of its sequence. */
    LOCAL((byte) 1),
    /** Seen by every token of its sequence; its own row is computed by the model core. */
    GLOBAL((byte) 2);

    private final byte code;

    TokenRole(byte code) {
        this.code = code;
    }

    /** The byte that {@link SequenceLayout} and device code store: 0 masked, 1 local, 2 global. */
    public byte code() {
        return code;
    }

    /**
     * The role stored as {@code code}.
     *
     * @throws IllegalArgumentException when the code is none of 0, 1, 2
     */
    public static TokenRole of(byte code) {
        return switch (code) {
            case 0 -> MASKED;
            case 1 -> LOCAL;
            case 2 -> GLOBAL;
            default ->
                    throw new IllegalArgumentException(
                            "token role is " + code + "; allowed are 0 masked, 1 local, 2 global");
        };
    }
}
