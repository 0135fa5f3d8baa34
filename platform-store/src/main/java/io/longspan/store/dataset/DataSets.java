package io.longspan.store.dataset;

import io.longspan.store.Rows;
import io.longspan.store.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of data sets. Thread-safe. */
public final class DataSets {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public DataSets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes that a folder is being built; a folder that was begun before goes back to BUILDING. */
    public void begin(String name, String folder, String corpus, String tokenizerDigest) {
        jdbc.sql(
                        """
                        insert into data_set (name, folder, corpus, state, tokenizer_digest)
                        values (:name, :folder, :corpus, 'BUILDING', :digest)
                        on conflict (folder) do update
                        set name = excluded.name, corpus = excluded.corpus, state = 'BUILDING',
                            tokenizer_digest = excluded.tokenizer_digest, updated_at = now()
                        """)
                .param("name", name)
                .param("folder", folder)
                .param("corpus", corpus)
                .param("digest", tokenizerDigest)
                .update();
    }

    /** Notes what has been published so far. */
    public void progress(String folder, long documents, long dropped, long tokens, int shards) {
        jdbc.sql(
                        """
                        update data_set set documents = :documents, dropped = :dropped, tokens = :tokens,
                            shards = :shards, updated_at = now()
                        where folder = :folder
                        """)
                .param("documents", documents)
                .param("dropped", dropped)
                .param("tokens", tokens)
                .param("shards", shards)
                .param("folder", folder)
                .update();
    }

    /** Notes that the folder is complete. */
    public void ready(String folder, String manifest) {
        jdbc.sql(
                        """
                        update data_set set state = 'READY', manifest = cast(:manifest as jsonb), updated_at = now()
                        where folder = :folder
                        """)
                .param("manifest", manifest)
                .param("folder", folder)
                .update();
    }

    /** Notes that the last attempt failed. */
    public void failed(String folder) {
        jdbc.sql("update data_set set state = 'FAILED', updated_at = now() where folder = :folder")
                .param("folder", folder)
                .update();
    }

    /** The data set of a folder, if it was ever begun. */
    public Optional<DataSetRow> find(String folder) {
        return jdbc.sql("select * from data_set where folder = :folder")
                .param("folder", folder)
                .query(DataSets::row)
                .optional();
    }

    /** The data set of a key. */
    public Optional<DataSetRow> find(long id) {
        return jdbc.sql("select * from data_set where id = :id")
                .param("id", id)
                .query(DataSets::row)
                .optional();
    }

    /** Some data sets, the one that changed last first. */
    public List<DataSetRow> latest(int limit) {
        return jdbc.sql("select * from data_set order by updated_at desc, id desc limit :limit")
                .param("limit", limit)
                .query(DataSets::row)
                .list();
    }

    /**
     * Data sets, the newest first.
     *
     * @param before only with a smaller key
     */
    public Slice<DataSetRow> page(Optional<Long> before, int limit) {
        List<DataSetRow> rows =
                jdbc.sql("select * from data_set where id < :before order by id desc limit :limit")
                        .param("before", before.orElse(Long.MAX_VALUE))
                        .param("limit", limit + 1)
                        .query(DataSets::row)
                        .list();
        return Slice.of(rows, limit, row -> Long.toString(row.id()));
    }

    private static DataSetRow row(ResultSet row, int number) throws SQLException {
        return new DataSetRow(
                row.getLong("id"),
                row.getString("name"),
                row.getString("folder"),
                row.getString("corpus"),
                DataSetState.valueOf(row.getString("state")),
                row.getLong("documents"),
                row.getLong("dropped"),
                row.getLong("tokens"),
                row.getInt("shards"),
                row.getString("tokenizer_digest"),
                Rows.optionalText(row, "manifest"),
                Rows.time(row, "created_at"),
                Rows.time(row, "updated_at"));
    }
}
