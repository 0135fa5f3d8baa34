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
    /** Payloads that one statement deletes: seconds of work at most. */
    private static final int SOME = 500;

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
        Integer _ =
                transactions.execute(_ -> {
                    // Waits for rows that are being added; those that come later meet the mark.
                    jdbc.sql("lock table inference_payload in share row exclusive mode").update();
                    return jdbc.sql(
                                    """
                                    insert into payload_deletion (caller, before) values (:caller, :before)
                                    on conflict (caller) do update set before = greatest(payload_deletion.before, excluded.before)
                                    """)
                            .param("caller", Rows.text(caller))
                            .param("before", Rows.parameter(before))
                            .update();
                });
        long gone = 0;
        int some;
        // Servers go on adding meanwhile, and what is gone stays gone if the connection breaks.
        do {
            some = deleteSome(caller, before);
            gone += some;
        } while (some == SOME);
        return gone;
    }

    private int deleteSome(String caller, Instant before) {
        return jdbc.sql(
                        """
                        delete from inference_payload where id in (
                            select id from inference_payload where caller = :caller and at < :before limit :some)
                        """)
                .param("caller", Rows.text(caller))
                .param("before", Rows.parameter(before))
                .param("some", SOME)
                .update();
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
