package io.longspan.store.model;

import io.longspan.store.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of models. Thread-safe. */
public final class Models {
    private final JdbcClient jdbc;

    /** Over an open database. */
    public Models(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Registers a version; one that is registered already with the same digest only learns its
     * folder, and its run where none was known. {@code createdAt} of the row is not read.
     *
     * @return false when the version exists with other weights; nothing was changed then
     */
    public boolean register(ModelRow model) {
        return jdbc.sql(
                                """
                                insert into model
                                    (name, version, folder, digest, task, architecture, parameters, max_tokens, run_id)
                                values (:name, :version, :folder, :digest, :task, :architecture, :parameters, :maxTokens, :run)
                                on conflict (name, version) do update
                                set folder = excluded.folder, run_id = coalesce(model.run_id, excluded.run_id)
                                where model.digest = excluded.digest
                                """)
                        .param("name", model.name())
                        .param("version", model.version())
                        .param("folder", model.folder())
                        .param("digest", model.digest())
                        .param("task", model.task())
                        .param("architecture", model.architecture())
                        .param("parameters", model.parameters())
                        .param("maxTokens", model.maxTokens())
                        .param("run", model.runId().isPresent() ? model.runId().getAsLong() : null)
                        .update()
                == 1;
    }

    /** One version of a name. */
    public Optional<ModelRow> find(String name, String version) {
        return jdbc.sql("select * from model where name = :name and version = :version")
                .param("name", name)
                .param("version", version)
                .query(Models::row)
                .optional();
    }

    /** The version of a name that was registered last. */
    public Optional<ModelRow> newest(String name) {
        return jdbc.sql(
                        "select * from model where name = :name order by created_at desc, id desc limit 1")
                .param("name", name)
                .query(Models::row)
                .optional();
    }

    /** All versions of all models, the newest first. */
    public List<ModelRow> list() {
        return jdbc.sql("select * from model order by created_at desc, id desc")
                .query(Models::row)
                .list();
    }

    private static ModelRow row(ResultSet row, int number) throws SQLException {
        long run = row.getLong("run_id");
        return new ModelRow(
                row.getString("name"),
                row.getString("version"),
                row.getString("folder"),
                row.getString("digest"),
                row.getString("task"),
                row.getString("architecture"),
                row.getLong("parameters"),
                row.getInt("max_tokens"),
                run == 0 ? OptionalLong.empty() : OptionalLong.of(run),
                Rows.time(row, "created_at"));
    }
}
