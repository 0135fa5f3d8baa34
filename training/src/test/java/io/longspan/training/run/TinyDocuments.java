package io.longspan.training.run;

import io.longspan.training.data.Documents;
import io.longspan.training.data.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Data sets of documents of different lengths, each token of a document its first and counting. */
public final class TinyDocuments implements TokenSource, Documents {
    private static final int END = 2;

    private final String name;
    private final int[] starts;
    private final int[] ids;

    private TinyDocuments(String name, int[] lengths, int first) {
        this.name = name;
        starts = new int[lengths.length + 1];
        ids = new int[IntStream.of(lengths).sum() + lengths.length];
        int at = 0;
        for (int d = 0; d < lengths.length; d++) {
            starts[d] = at;
            for (int t = 0; t < lengths[d]; t++) {
                ids[at++] = first + (d + t) % 40;
            }
            ids[at++] = END;
        }
        starts[lengths.length] = at;
    }

    /** Ids from {@code first} to {@code first + 39}, and the end of each document. */
    public static TokenSource of(String name, int first, int... lengths) {
        return new TinyDocuments(name, lengths, first);
    }

    /** Two data sets, the second of lower ids and longer documents. */
    static List<TokenSource> pair() {
        return List.of(
                of("short", 50, IntStream.range(0, 60).map(d -> 3 + d % 17).toArray()),
                of("long", 5, IntStream.range(0, 9).map(d -> 20 + 13 * d).toArray()));
    }

    /** Settings of a run on {@link #pair}: three sequences of the first to one of the second. */
    static void put(Map<String, Object> settings) {
        List<Object> data = new ArrayList<>();
        data.add(Map.of("path", "sets/short", "weight", 3));
        data.add(Map.of("path", "sets/long", "weight", 1.0));
        settings.put("data", data);
        settings.put("packing", "documents");
        settings.put("tokens_per_step", 130);
    }

    @Override
    public long tokens() {
        return ids.length;
    }

    @Override
    public int[] read(long offset, int length) {
        int[] part = new int[length];
        System.arraycopy(ids, (int) offset, part, 0, length);
        return part;
    }

    @Override
    public String identity() {
        return name + " " + ids.length;
    }

    @Override
    public int separator() {
        return END;
    }

    @Override
    public Documents documents() {
        return this;
    }

    @Override
    public long count() {
        return starts.length - 1L;
    }

    @Override
    public long start(long document) {
        return starts[(int) document];
    }

    @Override
    public int length(long document) {
        return starts[(int) document + 1] - starts[(int) document];
    }
}
