package io.longspan.model.tokenizer;

import java.util.Arrays;

/**
 * Cuts text into pieces and remembers what short ones became, for nearly all of a text is words
 * that came before. What is not remembered goes to another encoder. The memory has a fixed size: a
 * piece may be forgotten when another one takes its place.
 */
final class RememberedPieces implements PieceEncoder {
    private static final int SLOT_BITS = 18;
    private static final int LONGEST = 32;
    private static final int WINDOW = 1 << 15;

    /** Spreads a hash over the slots. */
    private static final int SPREAD = 0x9E3779B9;

    private final PieceScanner scanner = new PieceScanner();
    private final PieceEncoder others;

    /** Read and written by all threads at once; what they find is whole, for it is final. */
    private final Known[] slots = new Known[1 << SLOT_BITS];

    /**
     * @param others gives the symbols of one piece at a time
     */
    RememberedPieces(PieceEncoder others) {
        this.others = others;
    }

    private static final class Known {
        final int hash;
        final char[] text;
        final int[] symbols;

        Known(int hash, char[] text, int[] symbols) {
            this.hash = hash;
            this.text = text;
            this.symbols = symbols;
        }
    }

    @Override
    public int[] symbols(String text) {
        int length = text.length();
        char[] window = new char[Math.min(length, WINDOW)];
        int[] found = new int[length / 3 + 16];
        int count = 0;
        int base = 0;
        while (base < length) {
            int limit = Math.min(window.length, length - base);
            text.getChars(base, base + limit, window, 0);
            boolean last = base + limit == length;
            int start = 0;
            while (start < limit) {
                int end = scanner.end(window, start, limit);
                if (!last && end > limit - PieceScanner.AHEAD) {
                    break;
                }
                int[] symbols = piece(window, start, end);
                if (count + symbols.length > found.length) {
                    found = Arrays.copyOf(found, Math.max(2 * count, count + symbols.length));
                }
                if (symbols.length == 1) {
                    found[count++] = symbols[0];
                } else {
                    System.arraycopy(symbols, 0, found, count, symbols.length);
                    count += symbols.length;
                }
                start = end;
            }
            if (start == 0) {
                // One piece is longer than the window.
                window = new char[Math.min(length - base, 2 * window.length)];
            }
            base += start;
        }
        return Arrays.copyOf(found, count);
    }

    private int[] piece(char[] text, int start, int end) {
        int length = end - start;
        if (length > LONGEST) {
            return others.symbols(new String(text, start, length));
        }
        int hash = length;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + text[at];
        }
        int slot = (hash * SPREAD) >>> (Integer.SIZE - SLOT_BITS);
        Known known = slots[slot];
        if (known != null
                && known.hash == hash
                && Arrays.equals(known.text, 0, known.text.length, text, start, end)) {
            return known.symbols;
        }
        int[] symbols = others.symbols(new String(text, start, length));
        slots[slot] = new Known(hash, Arrays.copyOfRange(text, start, end), symbols);
        return symbols;
    }
}
