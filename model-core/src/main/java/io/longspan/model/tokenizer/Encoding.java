package io.longspan.model.tokenizer;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Encoded text, token by token. Immutable.
 *
 * <p>Offsets count Unicode code points of the text that the token came from, the first included,
 * the last excluded; {@link CodePointIndex} turns them into positions of a Java string. A token
 * that is a part of a character carries the whole character, a leading space is left out, and
 * tokens that the tokenizer added lie at 0 to 0.
 */
public final class Encoding {
    /** The {@link #sequence(int)} of a token that the tokenizer added. */
    public static final int NO_SEQUENCE = -1;

    private final int[] ids;
    private final String[] tokens;
    private final int[] starts;
    private final int[] ends;
    private final byte[] sequences;

    Encoding(int[] ids, String[] tokens, int[] starts, int[] ends, byte[] sequences) {
        this.ids = ids;
        this.tokens = tokens;
        this.starts = starts;
        this.ends = ends;
        this.sequences = sequences;
    }

    /** Number of tokens. */
    public int size() {
        return ids.length;
    }

    /** All ids in an array of their own. */
    public int[] ids() {
        return ids.clone();
    }

    /** The id of a token. */
    public int id(int index) {
        return ids[index];
    }

    /** A token as the vocabulary writes it: bytes as printable characters, a space as U+0120. */
    public String token(int index) {
        return tokens[index];
    }

    /** First code point of a token. */
    public int start(int index) {
        return starts[index];
    }

    /** First code point after a token. */
    public int end(int index) {
        return ends[index];
    }

    /** Which text of a pair a token came from, 0 or 1, or {@link #NO_SEQUENCE}. */
    public int sequence(int index) {
        return sequences[index];
    }

    /** Whether the tokenizer added the token; a literal {@code <mask>} in a text is not added. */
    public boolean isSpecial(int index) {
        return sequences[index] == NO_SEQUENCE;
    }

    /**
     * Some tokens of a text as a text of their own: between the tokens that the tokenizer put
     * around the whole. Offsets stay those of the whole.
     *
     * @param from first token, at least 1
     * @param to token after the last, at most {@code size() - 1}
     * @throws IndexOutOfBoundsException when there are no such tokens
     */
    public Encoding part(int from, int to) {
        if (from < 1 || from > to || to > size() - 1) {
            throw new IndexOutOfBoundsException(
                    "tokens " + from + " to " + to + " of a text of " + size());
        }
        int[] kept = new int[to - from + 2];
        for (int i = 1; i < kept.length - 1; i++) {
            kept[i] = from + i - 1;
        }
        kept[kept.length - 1] = size() - 1;
        return picked(kept);
    }

    /**
     * A pair with some of the second text's tokens only. Offsets stay those of the whole.
     *
     * @param from first token, counted from 0 in the second text
     * @param to token after the last
     * @throws IndexOutOfBoundsException when there are no such tokens
     */
    public Encoding withSecondPart(int from, int to) {
        int[] second = IntStream.range(0, size()).filter(t -> sequences[t] == 1).toArray();
        Objects.checkFromToIndex(from, to, second.length);
        int first = second.length == 0 ? 0 : second[0];
        return picked(
                IntStream.range(0, size())
                        .filter(t -> sequences[t] != 1 || (t - first >= from && t - first < to))
                        .toArray());
    }

    /**
     * The same text with another token in one place; offsets and pieces stay those of the text.
     *
     * @throws IndexOutOfBoundsException when there is no such place
     */
    public Encoding with(int index, int id) {
        int[] changed = ids.clone();
        changed[index] = id;
        return new Encoding(changed, tokens, starts, ends, sequences);
    }

    /** A pair with one separator in place of two. */
    Encoding withoutSecondSeparator() {
        int at = 1;
        while (!(isSpecial(at) && isSpecial(at - 1))) {
            at++;
        }
        int[] kept = new int[size() - 1];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = i < at ? i : i + 1;
        }
        return picked(kept);
    }

    private Encoding picked(int[] kept) {
        byte[] from = new byte[kept.length];
        for (int i = 0; i < kept.length; i++) {
            from[i] = sequences[kept[i]];
        }
        return new Encoding(
                Arrays.stream(kept).map(i -> ids[i]).toArray(),
                Arrays.stream(kept).mapToObj(i -> tokens[i]).toArray(String[]::new),
                Arrays.stream(kept).map(i -> starts[i]).toArray(),
                Arrays.stream(kept).map(i -> ends[i]).toArray(),
                from);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(tokens, that.tokens)
                && Arrays.equals(starts, that.starts)
                && Arrays.equals(ends, that.ends)
                && Arrays.equals(sequences, that.sequences);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "Encoding" + Arrays.toString(tokens);
    }
}
