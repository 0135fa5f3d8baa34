package io.longspan.model.tokenizer;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Splits text by GPT-2's pattern and turns the pieces into symbols. Thread-safe. */
@FunctionalInterface
interface PieceEncoder {
    /** The symbols of a well-formed text. */
    int[] symbols(String text);

    /**
     * The fastest encoder that is exact for a table.
     *
     * <p>jtokkit looks at neighbouring bytes, not at the merges that may join them: two neighbours
     * become a token as soon as their bytes are one. That is the same thing when each token has one
     * merge and comes out of its own bytes: tokens never split, so inside the bytes of a token that
     * is about to be made everything went as it goes for these bytes alone, and its two halves are
     * those of its merge. Where this does not hold the merges are followed one by one.
     */
    static PieceEncoder of(MergeTable table) {
        PairMerger merger = new PairMerger(table);
        boolean plain =
                table.ordered()
                        && IntStream.range(0, table.size())
                                .allMatch(symbol -> whole(merger, table, symbol));
        return new RememberedPieces(plain ? ranked(table) : merging(merger));
    }

    /** Whether the bytes of a symbol become that symbol and nothing else. */
    private static boolean whole(PairMerger merger, MergeTable table, int symbol) {
        int[] found = merger.merge(table.bytes(symbol));
        return found.length == 1 && found[0] == symbol;
    }

    /** By jtokkit, for a table whose merges need not be followed one by one. */
    static PieceEncoder ranked(MergeTable table) {
        // jtokkit only goes through it, and no two symbols share their bytes.
        IdentityHashMap<byte[], Integer> ranks = new IdentityHashMap<>();
        for (int symbol = 0; symbol < table.size(); symbol++) {
            ranks.put(table.bytes(symbol), symbol);
        }
        String name = "folder";
        Encoding encoding =
                Encodings.newLazyEncodingRegistry()
                        .registerGptBytePairEncoding(
                                new GptBytePairEncodingParams(name, pattern(), ranks, Map.of()))
                        .getEncoding(name)
                        .orElseThrow();
        return text -> encoding.encodeOrdinary(text).toArray();
    }

    /** Merge by merge. */
    static PieceEncoder merging(PairMerger merger) {
        Pattern pattern = pattern();
        return text -> {
            IntStream.Builder symbols = IntStream.builder();
            for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
                byte[] piece = matcher.group().getBytes(StandardCharsets.UTF_8);
                Arrays.stream(merger.merge(piece)).forEach(symbols);
            }
            return symbols.build().toArray();
        };
    }

    private static Pattern pattern() {
        return Pattern.compile(
                "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                Pattern.UNICODE_CHARACTER_CLASS);
    }
}
