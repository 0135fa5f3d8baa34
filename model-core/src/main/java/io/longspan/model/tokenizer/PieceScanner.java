package io.longspan.model.tokenizer;

/**
 * GPT-2's pattern by hand: contractions of English, then letters, numbers and other signs with at
 * most one space before them, then white space, which leaves its last character to what follows.
 * The kinds are those of {@link java.util.regex.Pattern#UNICODE_CHARACTER_CLASS}.
 */
final class PieceScanner {
    /** Units that a decision may depend on behind the end of a piece. */
    static final int AHEAD = 3;

    private static final byte OTHER = 0;
    private static final byte LETTER = 1;
    private static final byte NUMBER = 2;
    private static final byte SPACE = 3;

    private static final int LETTERS =
            1 << Character.UPPERCASE_LETTER
                    | 1 << Character.LOWERCASE_LETTER
                    | 1 << Character.TITLECASE_LETTER
                    | 1 << Character.MODIFIER_LETTER
                    | 1 << Character.OTHER_LETTER;
    private static final int NUMBERS =
            1 << Character.DECIMAL_DIGIT_NUMBER
                    | 1 << Character.LETTER_NUMBER
                    | 1 << Character.OTHER_NUMBER;
    private static final int SPACES =
            1 << Character.SPACE_SEPARATOR
                    | 1 << Character.LINE_SEPARATOR
                    | 1 << Character.PARAGRAPH_SEPARATOR;
    private static final int NEXT_LINE = 0x85;

    /** Of each UTF-16 unit; surrogates count as other signs here. */
    private final byte[] kinds = new byte[1 << Character.SIZE];

    PieceScanner() {
        for (int unit = 0; unit < kinds.length; unit++) {
            kinds[unit] = kindOf(unit);
        }
    }

    private static byte kindOf(int codePoint) {
        int type = 1 << Character.getType(codePoint);
        if ((type & LETTERS) != 0) {
            return LETTER;
        }
        if ((type & NUMBERS) != 0) {
            return NUMBER;
        }
        boolean control = (codePoint >= '\t' && codePoint <= '\r') || codePoint == NEXT_LINE;
        return control || (type & SPACES) != 0 ? SPACE : OTHER;
    }

    /**
     * Where the piece ends that begins at a place. An answer that lies less than {@link #AHEAD}
     * before the limit may be another when more text is known.
     */
    int end(char[] text, int start, int limit) {
        char first = text[start];
        if (first == '\'') {
            int contraction = contraction(text, start + 1, limit);
            if (contraction > 0) {
                return start + 1 + contraction;
            }
        }
        int from = first == ' ' && start + 1 < limit ? start + 1 : start;
        byte kind = kind(text, from, limit);
        return kind == SPACE ? spaces(text, start, limit) : run(text, from, limit, kind);
    }

    private int run(char[] text, int from, int limit, byte kind) {
        int at = from;
        while (at < limit) {
            char unit = text[at];
            if (Character.isSurrogate(unit)) {
                if (kind(text, at, limit) != kind) {
                    return at;
                }
                at += at + 1 < limit && Character.isSurrogatePair(unit, text[at + 1]) ? 2 : 1;
            } else {
                if (kinds[unit] != kind) {
                    return at;
                }
                at++;
            }
        }
        return at;
    }

    private int spaces(char[] text, int start, int limit) {
        int at = start;
        while (at < limit && kinds[text[at]] == SPACE) {
            at++;
        }
        return at < limit && at - start > 1 ? at - 1 : at;
    }

    private byte kind(char[] text, int at, int limit) {
        char unit = text[at];
        return at + 1 < limit && Character.isSurrogatePair(unit, text[at + 1])
                ? kindOf(Character.toCodePoint(unit, text[at + 1]))
                : kinds[unit];
    }

    /** Units of a contraction behind its apostrophe, or 0. */
    private static int contraction(char[] text, int at, int limit) {
        if (at >= limit) {
            return 0;
        }
        return switch (text[at]) {
            case 's', 'd', 'm', 't' -> 1;
            case 'l' -> follows(text, at, limit, 'l');
            case 'v', 'r' -> follows(text, at, limit, 'e');
            default -> 0;
        };
    }

    private static int follows(char[] text, int at, int limit, char second) {
        return at + 1 < limit && text[at + 1] == second ? 2 : 0;
    }
}
