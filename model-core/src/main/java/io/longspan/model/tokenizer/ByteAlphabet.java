package io.longspan.model.tokenizer;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.Arrays;

/**
 * The characters that a byte-level vocabulary writes for the 256 bytes: printable ones of Latin-1
 * stand for themselves, the others are moved to U+0100 and above, in order.
 */
final class ByteAlphabet {
    private static final int MOVED = 0x100;
    private static final int NO_BYTE = -1;

    private final char[] characters = new char[256];
    private final int[] bytes = new int[2 * MOVED];

    ByteAlphabet() {
        Arrays.fill(bytes, NO_BYTE);
        int moved = MOVED;
        for (int b = 0; b < 256; b++) {
            characters[b] = (char) (printable(b) ? b : moved++);
            bytes[characters[b]] = b;
        }
    }

    /** The token of one byte. */
    String token(int b) {
        return String.valueOf(characters[b]);
    }

    /**
     * The bytes that a token stands for.
     *
     * @throws ModelInputException when a character stands for no byte
     */
    byte[] bytes(String token) {
        byte[] found = new byte[token.length()];
        for (int i = 0; i < found.length; i++) {
            char c = token.charAt(i);
            int b = c < bytes.length ? bytes[c] : NO_BYTE;
            if (b == NO_BYTE) {
                throw new ModelInputException(
                        "the merges make the token "
                                + Quoted.of(token)
                                + ", whose character U+"
                                + Integer.toHexString(c)
                                + " stands for no byte; a byte-level tokenizer was expected, so"
                                + " check that it is a RoBERTa's");
            }
            found[i] = (byte) b;
        }
        return found;
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    }
}
