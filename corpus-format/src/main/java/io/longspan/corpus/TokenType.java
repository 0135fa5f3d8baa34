package io.longspan.corpus;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** How a token is stored; always little-endian. */
public enum TokenType {
    /** Two bytes, for vocabularies under 65,500. */
    UINT16("uint16", 8, 2) {
        @Override
        void put(ByteBuffer to, int token) {
            to.putShort((short) token);
        }

        @Override
        void put(ByteBuffer to, int[] tokens, int from, int count) {
            int at = to.position();
            for (int i = 0; i < count; i++) {
                to.putShort(at + 2 * i, (short) tokens[from + i]);
            }
            to.position(at + 2 * count);
        }

        @Override
        void read(MemorySegment from, long token, int[] into, int at, int count) {
            for (int i = 0; i < count; i++) {
                into[at + i] = Short.toUnsignedInt(from.get(SHORT, 2 * (token + i)));
            }
        }
    },
    /** Four bytes. */
    INT32("int32", 4, 4) {
        @Override
        void put(ByteBuffer to, int token) {
            to.putInt(token);
        }

        @Override
        void put(ByteBuffer to, int[] tokens, int from, int count) {
            to.asIntBuffer().put(tokens, from, count);
            to.position(to.position() + 4 * count);
        }

        @Override
        void read(MemorySegment from, long token, int[] into, int at, int count) {
            for (int i = 0; i < count; i++) {
                into[at + i] = from.get(INT, 4 * (token + i));
            }
        }
    };

    /** Megatron's own border; the ids above it stay free in two bytes. */
    private static final int SMALL = 65_500;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String label;
    private final byte code;
    private final int bytes;

    TokenType(String label, int code, int bytes) {
        this.label = label;
        this.code = (byte) code;
        this.bytes = bytes;
    }

    /** What Megatron takes for a vocabulary. */
    public static TokenType forVocabulary(int size) {
        return size < SMALL ? UINT16 : INT32;
    }

    /** The name in a manifest. */
    public String label() {
        return label;
    }

    /** Bytes of one token. */
    public int bytes() {
        return bytes;
    }

    /** The code in an index. */
    byte code() {
        return code;
    }

    static Optional<TokenType> ofCode(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    static Optional<TokenType> ofLabel(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }

    abstract void put(ByteBuffer to, int token);

    /** Puts some tokens of an array, for which there is room. */
    abstract void put(ByteBuffer to, int[] tokens, int from, int count);

    /** Reads tokens [token, token + count) of a segment into an array. */
    abstract void read(MemorySegment from, long token, int[] into, int at, int count);
}
