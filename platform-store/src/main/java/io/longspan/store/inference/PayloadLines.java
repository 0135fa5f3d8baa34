package io.longspan.store.inference;

import io.longspan.store.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Adds what was said beside rows, in the transaction of the rows. */
final class PayloadLines {
    /** Not what its caller had deleted, and not what is over while it waited in a spool. */
    private static final String ADD =
            """
            insert into inference_payload (id, at, caller, request, request_size, answer, answer_size, ends_at)
            select t.* from (values (cast(? as uuid), cast(? as timestamptz), cast(? as text), cast(? as bytea), cast(? as bigint),
                cast(? as bytea), cast(? as bigint), cast(? as timestamptz))) as t (id, at, caller, request, request_size, answer, answer_size, ends_at)
            where t.ends_at > now()
              and not exists (select 1 from payload_deletion d where d.caller = t.caller and t.at < d.before)
            on conflict do nothing
            """;

    private PayloadLines() {}

    static void add(Connection connection, List<InferenceEntry> entries) throws SQLException {
        if (entries.stream().allMatch(entry -> entry.payload().isEmpty())) {
            return;
        }
        try (PreparedStatement lock =
                        connection.prepareStatement(
                                "lock table inference_payload in row exclusive mode");
                PreparedStatement add = connection.prepareStatement(ADD)) {
            // A deletion that is under way ends first, and the statements after this one see it.
            lock.execute();
            for (InferenceEntry entry : entries) {
                if (entry.payload().isPresent()) {
                    bind(add, entry.row(), entry.payload().get());
                    add.addBatch();
                }
            }
            add.executeBatch();
        }
    }

    private static void bind(PreparedStatement add, InferenceRow row, InferencePayload payload)
            throws SQLException {
        int at = 1;
        add.setObject(at++, row.id());
        add.setObject(at++, Rows.parameter(row.at()));
        add.setString(at++, Rows.text(row.caller()));
        add.setBytes(at++, payload.requestBytes());
        add.setLong(at++, payload.requestSize());
        add.setBytes(at++, payload.answerBytes());
        add.setLong(at++, payload.answerSize());
        add.setObject(at, Rows.parameter(payload.endsAt()));
    }
}
