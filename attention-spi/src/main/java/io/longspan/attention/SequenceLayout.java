package io.longspan.attention;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Where the sequences of a packed batch begin and what each token is. Immutable, on the host, safe
 * to share.
 *
 * <p>A sequence is the scope of attention: no token sees another sequence. Distances are
 * differences of indices inside the sequence, masked tokens included. Indices called "packed" count
 * over the whole batch, 0 to T-1.
 */
public final class SequenceLayout {
    private final int[] starts;
    private final byte[] roles;
    private final int[] globals;
    private final int[] firstGlobal;
    private final int longest;
    private final int masked;

    private SequenceLayout(int[] starts, byte[] roles) {
        this.starts = starts;
        this.roles = roles;
        int[] found = new int[roles.length];
        int count = 0;
        int maskedCount = 0;
        int longestLength = 0;
        firstGlobal = new int[starts.length];
        for (int b = 0; b + 1 < starts.length; b++) {
            firstGlobal[b] = count;
            longestLength = Math.max(longestLength, starts[b + 1] - starts[b]);
            for (int t = starts[b]; t < starts[b + 1]; t++) {
                switch (TokenRole.of(roles[t])) {
                    case GLOBAL -> found[count++] = t;
                    case MASKED -> maskedCount++;
                    case LOCAL -> {}
                }
            }
        }
        firstGlobal[starts.length - 1] = count;
        globals = Arrays.copyOf(found, count);
        masked = maskedCount;
        longest = longestLength;
    }

    /**
     * A layout of B sequences.
     *
     * @param starts B+1 packed indices: the first is 0, each next one larger, the last is the
     *     number of tokens T
     * @param roles T role codes, see {@link TokenRole#code()}
     * @throws IllegalArgumentException when the starts do not describe non-empty sequences over the
     *     roles, or a code is unknown
     */
    public static SequenceLayout of(int[] starts, byte[] roles) {
        if (starts.length < 2 || starts[0] != 0) {
            throw new IllegalArgumentException(
                    "sequence starts "
                            + Arrays.toString(starts)
                            + " must begin with 0 and end with the token count");
        }
        for (int b = 0; b + 1 < starts.length; b++) {
            if (starts[b + 1] <= starts[b]) {
                throw new IllegalArgumentException(
                        "sequence "
                                + b
                                + " has length "
                                + (starts[b + 1] - starts[b])
                                + "; it must hold a token");
            }
        }
        if (starts[starts.length - 1] != roles.length) {
            throw new IllegalArgumentException(
                    "sequences end at token "
                            + starts[starts.length - 1]
                            + " but there are "
                            + roles.length
                            + " roles");
        }
        return new SequenceLayout(starts.clone(), roles.clone());
    }

    /** Sequences of the given lengths in which every token is {@link TokenRole#LOCAL}. */
    public static SequenceLayout allLocal(int... lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int b = 0; b < lengths.length; b++) {
            starts[b + 1] = starts[b] + lengths[b];
        }
        byte[] roles = new byte[Math.max(0, starts[lengths.length])];
        Arrays.fill(roles, TokenRole.LOCAL.code());
        return of(starts, roles);
    }

    /** The same sequences with the given tokens, packed indices, {@link TokenRole#GLOBAL}. */
    public SequenceLayout withGlobals(int... tokens) {
        byte[] changed = roles.clone();
        for (int token : tokens) {
            changed[token] = TokenRole.GLOBAL.code();
        }
        return new SequenceLayout(starts, changed);
    }

    /** T, the tokens of all sequences together. */
    public int tokens() {
        return roles.length;
    }

    /** B, the number of sequences. */
    public int sequences() {
        return starts.length - 1;
    }

    /** Packed index of the first token of a sequence. */
    public int start(int sequence) {
        return starts[Objects.checkIndex(sequence, sequences())];
    }

    /** Packed index one past the last token of a sequence. */
    public int end(int sequence) {
        return starts[Objects.checkIndex(sequence, sequences()) + 1];
    }

    /** Tokens of a sequence, masked ones included. */
    public int length(int sequence) {
        return end(sequence) - start(sequence);
    }

    /** The length of the longest sequence. */
    public int longest() {
        return longest;
    }

    /** The sequence that holds a packed index. */
    public int sequenceOf(int token) {
        int at = Arrays.binarySearch(starts, Objects.checkIndex(token, tokens()));
        return at >= 0 ? at : -at - 2;
    }

    /** What the token at a packed index is. */
    public TokenRole role(int token) {
        return TokenRole.of(roles[token]);
    }

    /** All role codes, a copy of length T. */
    public byte[] roles() {
        return roles.clone();
    }

    /** All sequence starts, a copy of length B+1. */
    public int[] starts() {
        return starts.clone();
    }

    /** Packed indices of the global tokens of all sequences, ascending, a copy. */
    public int[] globals() {
        return globals.clone();
    }

    /** Packed indices of the global tokens of one sequence, ascending, a copy. */
    public int[] globals(int sequence) {
        return Arrays.copyOfRange(globals, firstGlobal[sequence], firstGlobal[sequence + 1]);
    }

    /** Number of global tokens of one sequence. */
    public int globalCount(int sequence) {
        return firstGlobal[sequence + 1] - firstGlobal[sequence];
    }

    /** Number of global tokens of the sequence that has most. */
    public int mostGlobals() {
        int most = 0;
        for (int b = 0; b < sequences(); b++) {
            most = Math.max(most, globalCount(b));
        }
        return most;
    }

    /** The features that a batch of this layout needs of a backend; a set of the caller's own. */
    public Set<Feature> features() {
        Set<Feature> needed = EnumSet.noneOf(Feature.class);
        if (globals.length > 0) {
            needed.add(Feature.GLOBAL_KEYS);
        }
        if (masked > 0) {
            needed.add(Feature.MASKED_TOKENS);
        }
        return needed;
    }

    /** Number of masked tokens. */
    public int maskedCount() {
        return masked;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceLayout that
                && Arrays.equals(starts, that.starts)
                && Arrays.equals(roles, that.roles);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(starts) + Arrays.hashCode(roles);
    }

    @Override
    public String toString() {
        return "SequenceLayout[sequences="
                + sequences()
                + ", tokens="
                + tokens()
                + ", globals="
                + globals.length
                + ", masked="
                + masked
                + "]";
    }
}
