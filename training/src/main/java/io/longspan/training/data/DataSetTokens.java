package io.longspan.training.data;

import io.longspan.corpus.DataSet;
import java.nio.file.Path;

/**
 * The tokens of a data set that ingest built. Whoever opened it closes it, after the training that
 * reads it.
 */
public final class DataSetTokens implements TokenSource, AutoCloseable {
    private final DataSet data;
    private final String identity;

    private DataSetTokens(DataSet data, String identity) {
        this.data = data;
        this.identity = identity;
    }

    /**
     * Opens the data set of a folder. Its identity is the digest of its manifest, which holds the
     * digests of all its shards.
     *
     * @throws io.longspan.corpus.CorpusException when it is none, or is damaged
     */
    public static DataSetTokens open(Path folder) {
        DataSet data = DataSet.open(folder);
        return new DataSetTokens(data, Fingerprint.of(data.manifest().toJson()));
    }

    @Override
    public long tokens() {
        return data.tokens();
    }

    @Override
    public int[] read(long offset, int length) {
        return data.read(offset, length);
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public int vocabulary() {
        return data.manifest().tokenizer().vocabularySize();
    }

    @Override
    public Documents documents() {
        return new Documents() {
            @Override
            public long count() {
                return data.documents();
            }

            @Override
            public long start(long document) {
                return data.start(document);
            }

            @Override
            public int length(long document) {
                return data.length(document);
            }
        };
    }

    @Override
    public int separator() {
        return data.manifest().tokenizer().separator();
    }

    @Override
    public void close() {
        data.close();
    }
}
