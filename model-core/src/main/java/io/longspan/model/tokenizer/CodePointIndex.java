package io.longspan.model.tokenizer;

/** Turns code point offsets of one text into positions of its Java string, in constant time. */
public final class CodePointIndex {
    private final int length;
    private final int[] positions;

    private CodePointIndex(int length, int[] positions) {
        this.length = length;
        this.positions = positions;
    }

    /** The index of a text; a text without characters above U+FFFF needs no memory. */
    public static CodePointIndex of(String text) {
        int length = text.codePointCount(0, text.length());
        if (length == text.length()) {
            return new CodePointIndex(length, new int[0]);
        }
        int[] positions = new int[length + 1];
        int at = 0;
        for (int i = 0; i < length; i++) {
            positions[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        positions[length] = at;
        return new CodePointIndex(length, positions);
    }

    /**
     * The position in the string.
     *
     * @param codePoint offset from 0 to the text's length in code points
     * @throws IndexOutOfBoundsException when it is outside the text
     */
    public int position(int codePoint) {
        if (codePoint < 0 || codePoint > length) {
            throw new IndexOutOfBoundsException(
                    "code point " + codePoint + " of a text with " + length);
        }
        return positions.length == 0 ? codePoint : positions[codePoint];
    }
}
