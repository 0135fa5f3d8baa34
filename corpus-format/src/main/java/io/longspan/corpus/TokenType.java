package io.longspan.corpus;

/** How a token id is stored in a shard. The codes are those of Megatron's index files. */
public enum TokenType {
    /** Two bytes, unsigned: ids 0 to 65,535. */
    UINT16("uint16", 8, 2, 0xFFFF),
    /** Four bytes, signed; negative ids are refused: ids 0 to 2,147,483,647. */
    INT32("int32", 4, 4, Integer.MAX_VALUE);

    private final String label;
    private final int code;
    private final int bytes;
    private final int largestId;

    TokenType(String label, int code, int bytes, int largestId) {
        this.label = label;
        this.code = code;
        this.bytes = bytes;
        this.largestId = largestId;
    }

    /**
     * The smallest type that holds every id of a vocabulary.
     *
     * @param size number of ids, at least 1
     * @throws IllegalArgumentException when the size is below 1
     */
    public static TokenType forVocabulary(int size) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "a vocabulary of " + size + " ids is not possible; it has at least 1");
        }
        return size - 1 <= UINT16.largestId ? UINT16 : INT32;
    }

    /** The name in manifests: {@code uint16} or {@code int32}. */
    public String label() {
        return label;
    }

    /** The number of this type in an index file. */
    public int code() {
        return code;
    }

    /** Bytes of one token. */
    public int bytes() {
        return bytes;
    }

    /** The largest id that can be stored; the smallest is 0. */
    public int largestId() {
        return largestId;
    }
}
