package io.longspan.model.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;

/**
 * A name for what a tokenizer does to plain text: SHA-256 over whether a space goes in front, the
 * vocabulary in the order of its ids and the merges in theirs. Both layouts of the files of one
 * tokenizer give the same.
 */
final class TokenizerDigest {
    private final MessageDigest digest;

    private TokenizerDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The digest in hexadecimal. */
    static String of(Map<String, Integer> vocabulary, MergeTable merges, boolean prefixSpace) {
        TokenizerDigest to = new TokenizerDigest();
        to.put(prefixSpace ? 1 : 0);
        to.put(vocabulary.size());
        vocabulary.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Integer>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .forEach(entry -> {
                    byte[] token = entry.getKey().getBytes(StandardCharsets.UTF_8);
                    to.put(entry.getValue());
                    to.put(token.length);
                    to.digest.update(token);
                });
        for (MergeTable.Pair pair : merges.pairs()) {
            to.put(pair.left());
            to.put(pair.right());
        }
        return HexFormat.of().formatHex(to.digest.digest());
    }

    private void put(int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }
}
