package io.longspan.store.inference;

import io.longspan.store.Rows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of inferences. Thread-safe. */
public final class Inferences {
    private final JdbcClient jdbc;
    private final JdbcOperations operations;

    /** Over an open database. */
    public Inferences(JdbcClient jdbc, JdbcOperations operations) {
        this.jdbc = jdbc;
        this.operations = operations;
    }

    /**
     * Adds rows, all or none; a row that is there already is left as it is, so adding again is
     * harmless. A NUL in a text becomes U+FFFD: clients can send it, PostgreSQL cannot hold it.
     */
    public void add(List<InferenceRow> rows) {
        addEntries(rows.stream().map(InferenceEntry::of).toList());
    }

    /** The same with what was said, where it is kept and its caller has not had it deleted. */
    public void addEntries(List<InferenceEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        Integer _ = operations.execute((ConnectionCallback<Integer>) c -> copy(c, entries));
    }

    private static Integer copy(Connection connection, List<InferenceEntry> entries)
            throws SQLException {
        List<InferenceRow> rows = entries.stream().map(InferenceEntry::row).toList();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                PreparedStatement month =
                        connection.prepareStatement("select inference_month(?)")) {
            for (Instant first : months(rows)) {
                month.setObject(1, Rows.parameter(first));
                month.execute();
            }
            statement.execute(
                    "create temporary table if not exists inference_in (like inference including defaults) on commit delete rows");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy inference_in (" + CopyLines.COLUMNS + ") from stdin",
                            new ByteArrayInputStream(CopyLines.of(rows)));
            int added =
                    statement.executeUpdate(
                            "insert into inference ("
                                    + CopyLines.COLUMNS
                                    + ") select "
                                    + CopyLines.COLUMNS
                                    + " from inference_in on conflict do nothing");
            PayloadLines.add(connection, entries);
            connection.commit();
            return added;
        } catch (IOException e) {
            throw new UncheckedIOException("rows in memory cannot be read", e);
        } finally {
            // Of what has not been committed nothing is kept.
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static SortedSet<Instant> months(List<InferenceRow> rows) {
        SortedSet<Instant> months = new TreeSet<>();
        for (InferenceRow row : rows) {
            months.add(
                    row.at()
                            .atOffset(ZoneOffset.UTC)
                            .with(TemporalAdjusters.firstDayOfMonth())
                            .truncatedTo(ChronoUnit.DAYS)
                            .toInstant());
        }
        return months;
    }

    /**
     * Takes old rows away, with what was said; whole months go at once.
     *
     * @param before what came in before this moment goes
     * @return how many went
     */
    public long forget(Instant before) {
        jdbc.sql("delete from inference_payload where at < :before")
                .param("before", Rows.parameter(before))
                .update();
        return jdbc.sql("select inference_forget(:before)")
                .param("before", Rows.parameter(before))
                .query(Long.class)
                .single();
    }

    /** Rows that pass the filter, newest first. */
    public List<InferenceRow> list(InferenceFilter filter) {
        return jdbc.sql(
                        """
                        select * from inference
                        where (cast(:id as uuid) is null or id = :id)
                          and (cast(:model as text) is null or model = :model)
                          and (cast(:status as text) is null or status = :status)
                          and (cast(:caller as text) is null or caller = :caller)
                          and (cast(:from as timestamptz) is null or at >= :from)
                          and (cast(:to as timestamptz) is null or at < :to)
                        order by at desc, id desc limit :limit
                        """)
                .param("id", Rows.orNull(filter.id()))
                .param("model", Rows.orNull(filter.model()))
                .param("status", Rows.orNull(filter.status()))
                .param("caller", Rows.orNull(filter.caller()))
                .param("from", Rows.orNull(filter.from().map(Rows::parameter)))
                .param("to", Rows.orNull(filter.to().map(Rows::parameter)))
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

    /**
     * How many there are, counted up to a number. Beyond it this is what the database knows from
     * its last look at each month, by the month's size now; counted when it has not looked yet.
     */
    public InferenceCount about(int most) {
        long counted =
                jdbc.sql("select count(*) from (select from inference limit :limit) as part")
                        .param("limit", most + 1L)
                        .query(Long.class)
                        .single();
        if (counted <= most) {
            return new InferenceCount(counted, true);
        }
        return jdbc.sql(
                        """
                        select sum(reltuples / greatest(relpages, 1) * pages)::bigint as rows,
                            bool_or(pages > 0 and relpages = 0) as unknown
                        from pg_inherits join pg_class on oid = inhrelid
                            cross join lateral (select pg_relation_size(oid) / current_setting('block_size')::int as pages) now
                        where inhparent = 'inference'::regclass
                        """)
                .query((row, number) ->
                        row.getBoolean("unknown")
                                ? new InferenceCount(count(), true)
                                : new InferenceCount(Math.max(counted, row.getLong("rows")), false))
                .single();
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
                row.getString("payload_digest"),
                Objects.requireNonNullElse(row.getString("trace"), ""));
    }
}
