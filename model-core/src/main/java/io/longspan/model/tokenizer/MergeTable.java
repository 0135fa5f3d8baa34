package io.longspan.model.tokenizer;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The symbols and merges of a byte-level tokenizer. Symbol 0 to 255 is a byte; the others are
 * numbered in the order in which the merges first make them. Immutable, apart from the arrays that
 * it lends.
 */
final class MergeTable {
    /** Says that two neighbours stay two. */
    static final long NO_MERGE = -1;

    /** Spreads a pair over the slots. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Two neighbours. */
    record Pair(int left, int right) {}

    /**
     * Pairs by their hash, and beside each its rank and what it becomes; free ones have no merge.
     */
    private final long[] keys;

    private final long[] merges;
    private final int shift;
    private final List<byte[]> bytes = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final boolean ordered;

    private MergeTable(ObjectNode tokenizer, Map<String, Integer> vocabulary) {
        ByteAlphabet alphabet = new ByteAlphabet();
        Map<String, Integer> symbols = new HashMap<>();
        for (int b = 0; b < 256; b++) {
            String token = alphabet.token(b);
            add(token, new byte[] {(byte) b}, vocabulary, symbols);
        }
        boolean ordered = true;
        int rank = 0;
        JsonNode lines = tokenizer.path("model").path("merges");
        // At most half of the slots are taken.
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(8, 2 * lines.size()));
        keys = new long[1 << bits];
        merges = new long[1 << bits];
        shift = Long.SIZE - bits;
        Arrays.fill(merges, NO_MERGE);
        for (JsonNode line : lines.values()) {
            String[] parts = parts(line, rank);
            for (String part : parts) {
                // Made by a later merge, or by none: the order of symbols then is not that of
                // merges.
                if (!symbols.containsKey(part)) {
                    ordered = false;
                    add(part, alphabet.bytes(part), vocabulary, symbols);
                }
            }
            int left = Objects.requireNonNull(symbols.get(parts[0]));
            int right = Objects.requireNonNull(symbols.get(parts[1]));
            String token = parts[0] + parts[1];
            Integer known = symbols.get(token);
            ordered &= known == null;
            int made =
                    known == null ? add(token, alphabet.bytes(token), vocabulary, symbols) : known;
            Pair pair = new Pair(left, right);
            pairs.add(pair);
            int slot = slot(left, right);
            keys[slot] = key(left, right);
            merges[slot] = (long) rank << Integer.SIZE | made;
            rank++;
        }
        this.ordered = ordered;
    }

    /**
     * Reads the table.
     *
     * @param tokenizer in the layout of {@code tokenizer.json}
     * @param vocabulary its ids by token
     * @throws ModelInputException when a byte or a token of a merge has no id or stands for no
     *     bytes
     */
    static MergeTable of(ObjectNode tokenizer, Map<String, Integer> vocabulary) {
        return new MergeTable(tokenizer, vocabulary);
    }

    /** The merges in order. */
    List<Pair> pairs() {
        return Collections.unmodifiableList(pairs);
    }

    /** Number of symbols. */
    int size() {
        return ids.size();
    }

    /** The folder's id of each symbol. */
    int[] ids() {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The bytes of a symbol; not to be changed. */
    byte[] bytes(int symbol) {
        return bytes.get(symbol);
    }

    /** Whether each merge joins what is there already and makes a token that is new. */
    boolean ordered() {
        return ordered;
    }

    /**
     * What two neighbours become: the rank of their merge in the upper half, the symbol in the
     * lower one; or {@link #NO_MERGE}.
     */
    long merge(int left, int right) {
        return merges[slot(left, right)];
    }

    private static long key(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    /** Where a pair is, or where it would be. */
    private int slot(int left, int right) {
        long key = key(left, right);
        int slot = (int) ((key * SPREAD) >>> shift);
        while (merges[slot] != NO_MERGE && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private int add(
            String token,
            byte[] content,
            Map<String, Integer> vocabulary,
            Map<String, Integer> symbols) {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new ModelInputException(
                    "the vocabulary of "
                            + vocabulary.size()
                            + " tokens has none that is "
                            + Quoted.of(token)
                            + "; a byte-level tokenizer has one for each byte and each merge, so get"
                            + " the files again");
        }
        symbols.put(token, ids.size());
        bytes.add(content);
        ids.add(id);
        return ids.size() - 1;
    }

    /** Older files write a merge as one text, newer ones as two. */
    private static String[] parts(JsonNode line, int rank) {
        String[] parts =
                line.isArray()
                        ? line.values().stream().map(p -> p.asString("")).toArray(String[]::new)
                        : line.asString("").split(" ", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new ModelInputException(
                    "merge "
                            + (rank + 1)
                            + " is "
                            + Quoted.of(line.toString())
                            + "; it must be two tokens, so get the file again");
        }
        return parts;
    }
}
