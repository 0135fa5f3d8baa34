package io.longspan.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Documents and data sets for tests. */
final class Samples {
    static final int SEPARATOR = 2;

    private Samples() {}

    static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        return seed;
    }

    static DocumentInfo info(String id) {
        return new DocumentInfo(
                id,
                "books",
                id + ".txt",
                "",
                "Title, \"quoted\" " + id,
                "",
                10,
                9,
                "ab".repeat(32));
    }

    static int[] ids(Random random, int count, int vocabulary) {
        return random.ints(count, 0, vocabulary).toArray();
    }

    static ShardEntry shard(Path folder, String name, int vocabulary, List<int[]> documents) {
        try (ShardWriter writer = ShardWriter.create(folder, name, vocabulary, SEPARATOR)) {
            for (int d = 0; d < documents.size(); d++) {
                writer.add(info(name + "/" + d), documents.get(d));
            }
            ShardEntry entry = writer.finish();
            writer.publish();
            return entry;
        }
    }

    static Manifest manifest(int vocabulary, List<ShardEntry> shards) {
        long documents = shards.stream().mapToLong(ShardEntry::documents).sum();
        SortedMap<String, Long> dropped = new TreeMap<>();
        dropped.put("empty", 3L);
        return new Manifest(
                "sample",
                "books",
                new Manifest.Tokenizer("00".repeat(32), vocabulary, SEPARATOR),
                TokenType.forVocabulary(vocabulary),
                new TreeMap<>(Map.of("normalize", "standard")),
                new Manifest.Source(documents + 3, 1000, "11".repeat(32)),
                shards,
                new Manifest.Totals(
                        documents + 3,
                        documents,
                        dropped,
                        shards.stream().mapToLong(ShardEntry::tokens).sum()));
    }

    /** Shards of one to five documents of up to 40 tokens. */
    static List<List<int[]>> documents(Random random, int shards, int vocabulary) {
        List<List<int[]>> all = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            List<int[]> documents = new ArrayList<>();
            for (int d = random.nextInt(5); d >= 0; d--) {
                documents.add(ids(random, random.nextInt(40), vocabulary));
            }
            all.add(documents);
        }
        return all;
    }
}
