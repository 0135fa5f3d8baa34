package io.longspan.training.data;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DataSet;
import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.ShardEntry;
import java.nio.file.Path;

/**
 * The tokens of a data set that ingest built. Whoever opened it closes it, after the training that
 * reads it.
 */
public final class DataSetTokens implements TokenSource, AutoCloseable {
    private final DataSet data;
    private final String identity;
    private final Path folder;

    private DataSetTokens(DataSet data, String identity, Path folder) {
        this.data = data;
        this.folder = folder;
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
        return new DataSetTokens(data, Fingerprint.of(data.manifest().toJson()), folder);
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

            @Override
            public String name(long document) {
                return named(document);
            }
        };
    }

    /** The title of a document, or where it was read, and its id. */
    private String named(long document) {
        long first = 0;
        for (ShardEntry shard : data.manifest().shards()) {
            if (document < first + shard.documents()) {
                try {
                    DocumentInfo info =
                            DataSet.provenance(folder, shard.name())
                                    .get(Math.toIntExact(document - first));
                    return (info.title().isEmpty() ? info.path() : info.title()) + ", " + info.id();
                } catch (CorpusException unreadable) {
                    return "";
                }
            }
            first += shard.documents();
        }
        return "";
    }

    @Override
    public String tokenizerDigest() {
        return data.manifest().tokenizer().sha256();
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
