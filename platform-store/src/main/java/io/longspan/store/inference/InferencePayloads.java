package io.longspan.store.inference;

import io.longspan.store.Rows;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What callers sent and were answered, where servers keep it. Thread-safe. */
public final class InferencePayloads {
    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    /** Over an open database. */
    public InferencePayloads(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** That of one call; empty when none was kept, or when it is over. */
    public Optional<InferencePayload> find(UUID id) {
        return jdbc.sql("select * from inference_payload where id = :id and ends_at > now()")
                .param("id", id)
                .query(InferencePayloads::row)
                .optional();
    }

    /**
     * Deletes a caller's, for good: also those that come out of some server's spool later.
     *
     * @param before only of calls that came in before this moment
     * @return how many are gone from the table
     */
    public long delete(String caller, Instant before) {
        Long gone =
                transactions.execute(_ -> {
                    // Waits for rows that are being added, and lets none in between.
                    jdbc.sql("lock table inference_payload in share row exclusive mode").update();
                    jdbc.sql(
                                    """
                                    insert into payload_deletion (caller, before) values (:caller, :before)
                                    on conflict (caller) do update set before = greatest(payload_deletion.before, excluded.before)
                                    """)
                            .param("caller", Rows.text(caller))
                            .param("before", Rows.parameter(before))
                            .update();
                    return (long)
                            jdbc.sql(
                                            "delete from inference_payload where caller = :caller and at < :before")
                                    .param("caller", Rows.text(caller))
                                    .param("before", Rows.parameter(before))
                                    .update();
                });
        return gone == null ? 0 : gone;
    }

    /**
     * Deletes what has reached its end.
     *
     * @param now only what ends then or earlier
     * @return how many are gone
     */
    public long forget(Instant now) {
        return jdbc.sql("delete from inference_payload where ends_at <= :now")
                .param("now", Rows.parameter(now))
                .update();
    }

    /** How many there are. */
    public long count() {
        return jdbc.sql("select count(*) from inference_payload").query(Long.class).single();
    }

    private static InferencePayload row(ResultSet row, int number) throws SQLException {
        return new InferencePayload(
                ByteBuffer.wrap(row.getBytes("request")),
                row.getLong("request_size"),
                ByteBuffer.wrap(row.getBytes("answer")),
                row.getLong("answer_size"),
                Rows.time(row, "ends_at"));
    }
}
