package io.longspan.store.inference;

import static io.longspan.store.Rows.text;

import io.longspan.store.Rows;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of inferences. Thread-safe. */
public final class Inferences {
    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final JdbcOperations operations;

    /** Over an open database. */
    public Inferences(JdbcClient jdbc, JdbcOperations operations) {
        this.jdbc = jdbc;
        this.operations = operations;
    }

    /**
     * Adds rows; a row whose id is there already is left as it is, so adding again is harmless. A
     * NUL in a text becomes U+FFFD: clients can send it, PostgreSQL cannot hold it.
     */
    public void add(List<InferenceRow> rows) {
        operations.batchUpdate(
                """
                insert into inference
                    (id, at, caller, method, model, model_version, backend, backend_version, precision, tokens,
                     tokenize_nanos, queue_nanos, compute_nanos, total_nanos, batch_size, status, message, payload_digest)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do nothing
                """,
                rows,
                BATCH,
                Inferences::fill);
    }

    /** Rows that pass the filter, newest first. */
    public List<InferenceRow> list(InferenceFilter filter) {
        return jdbc.sql(
                        """
                        select * from inference
                        where (cast(:id as uuid) is null or id = :id)
                          and (cast(:model as text) is null or model = :model)
                          and (cast(:status as text) is null or status = :status)
                        order by at desc, id desc limit :limit
                        """)
                .param("id", Rows.orNull(filter.id()))
                .param("model", Rows.orNull(filter.model()))
                .param("status", Rows.orNull(filter.status()))
                .param("limit", filter.limit())
                .query(Inferences::row)
                .list();
    }

    /**
     * What was asked of each method lately, by method.
     *
     * @param last counted back from now, on the database's clock
     */
    public List<MethodSummary> summary(Duration last) {
        return jdbc.sql(
                        """
                        select method, count(*) as calls, count(*) filter (where status <> 'OK') as errors,
                            sum(tokens) as tokens,
                            percentile_cont(array[0.5, 0.95, 0.99]) within group (order by total_nanos) as times
                        from inference where at > now() - make_interval(secs => :last)
                        group by method order by method
                        """)
                .param("last", last.toMillis() / 1000.0)
                .query(Inferences::summaryRow)
                .list();
    }

    /** How many there are. */
    public long count() {
        return jdbc.sql("select count(*) from inference").query(Long.class).single();
    }

    static MethodSummary summaryRow(ResultSet row, int number) throws SQLException {
        Double[] times = (Double[]) row.getArray("times").getArray();
        return new MethodSummary(
                row.getString("method"),
                row.getLong("calls"),
                row.getLong("errors"),
                row.getLong("tokens"),
                Math.round(times[0]),
                Math.round(times[1]),
                Math.round(times[2]));
    }

    private static void fill(PreparedStatement insert, InferenceRow row) throws SQLException {
        insert.setObject(1, row.id());
        insert.setObject(2, Rows.parameter(row.at()));
        insert.setString(3, text(row.caller()));
        insert.setString(4, text(row.method()));
        insert.setString(5, text(row.model()));
        insert.setString(6, text(row.modelVersion()));
        insert.setString(7, text(row.backend()));
        insert.setString(8, text(row.backendVersion()));
        insert.setString(9, text(row.precision()));
        insert.setInt(10, row.tokens());
        insert.setLong(11, row.tokenizeNanos());
        insert.setLong(12, row.queueNanos());
        insert.setLong(13, row.computeNanos());
        insert.setLong(14, row.totalNanos());
        insert.setInt(15, row.batchSize());
        insert.setString(16, text(row.status()));
        insert.setString(17, text(row.message()));
        insert.setString(18, text(row.payloadDigest()));
    }

    static InferenceRow row(ResultSet row, int number) throws SQLException {
        return new InferenceRow(
                row.getObject("id", UUID.class),
                Rows.time(row, "at"),
                row.getString("caller"),
                row.getString("method"),
                row.getString("model"),
                row.getString("model_version"),
                row.getString("backend"),
                row.getString("backend_version"),
                row.getString("precision"),
                row.getInt("tokens"),
                row.getLong("tokenize_nanos"),
                row.getLong("queue_nanos"),
                row.getLong("compute_nanos"),
                row.getLong("total_nanos"),
                row.getInt("batch_size"),
                row.getString("status"),
                row.getString("message"),
                row.getString("payload_digest"));
    }
}
