package io.longspan.store.inference;

import io.longspan.store.Rows;
import io.longspan.store.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks through the log of inferences. Thread-safe. */
public final class InferenceSearch {
    private static final int MOST_SENT = 20_000;

    private final JdbcClient jdbc;

    /** Over an open database. */
    public InferenceSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A place in the list.
     *
     * @param at time of the row before it
     * @param id of the row before it
     */
    public record Place(Instant at, UUID id) {
        /**
         * Reads what {@link Slice#next} says.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Place parse(String text) {
            int cut = text.indexOf('_');
            if (cut < 0) {
                throw new IllegalArgumentException("no place in the list");
            }
            try {
                return new Place(
                        Instant.parse(text.substring(0, cut)),
                        UUID.fromString(text.substring(cut + 1)));
            } catch (java.time.format.DateTimeParseException e) {
                throw new IllegalArgumentException("no place in the list", e);
            }
        }
    }

    /** Calls that pass, the newest first. */
    public Slice<InferenceRow> page(InferenceQuery query, Optional<Place> after, int limit) {
        String place = after.isPresent() ? " and (at, id) < (:placeAt, :placeId)" : "";
        JdbcClient.StatementSpec statement =
                bound(
                        query,
                        jdbc.sql(
                                "select * from inference where true"
                                        + conditions(query)
                                        + place
                                        + " order by at desc, id desc limit :limit"));
        after.ifPresent(
                p -> statement.param("placeAt", Rows.parameter(p.at())).param("placeId", p.id()));
        return Slice.of(
                statement.param("limit", limit + 1).query(Inferences::row).list(),
                limit,
                row -> row.at() + "_" + row.id());
    }

    /** One call. */
    public Optional<InferenceRow> find(UUID id) {
        return jdbc.sql("select * from inference where id = :id")
                .param("id", id)
                .query(Inferences::row)
                .optional();
    }

    /**
     * How the calls that pass did, in pieces of time; pieces without calls are left out.
     *
     * @param query with a time to begin at
     * @param piece length of a piece
     */
    public List<TimePiece> pieces(InferenceQuery query, Duration piece) {
        return bound(
                        query,
                        jdbc.sql(
                                """
                                select date_bin(make_interval(secs => :piece), at, timestamptz 'epoch') as start,
                                    count(*) as calls, count(*) filter (where status <> 'OK') as errors, sum(tokens) as tokens,
                                    percentile_disc(array[0.5, 0.95, 0.99]) within group (order by total_nanos) as times
                                from inference where true\
                                """
                                        + conditions(query)
                                        + " group by start order by start"))
                .param("piece", piece.toMillis() / 1000.0)
                .query(InferenceSearch::piece)
                .list();
    }

    /**
     * How calls did.
     *
     * @param total all of them; empty when there is none
     * @param methods each method, by name
     */
    public record Summary(Optional<TimePiece> total, List<MethodSummary> methods) {
        /** Copies the list. */
        public Summary {
            methods = List.copyOf(methods);
        }
    }

    /**
     * How the calls of a window did.
     *
     * @param pieces of time with calls, in order
     * @param summary of all of them
     */
    public record Looked(List<TimePiece> pieces, Summary summary) {
        /** Copies the list. */
        public Looked {
            pieces = List.copyOf(pieces);
        }
    }

    /**
     * What {@link #pieces} and {@link #summary} say, exactly, from one pass without a sort in the
     * database: it walks the index of times a piece at a time. Where a method had more than 20,000
     * calls in a piece, those two are asked instead, so that memory stays bounded.
     *
     * @param query with a time to begin at; calls that came in more than a day after now are left
     *     out
     * @param piece length of a piece
     */
    public Looked look(InferenceQuery query, Duration piece) {
        WindowSum sum = new WindowSum();
        bound(
                        query,
                        jdbc.sql(
                                """
                                select s.start, p.* from generate_series(
                                    date_bin(make_interval(secs => :piece), :from, timestamptz 'epoch'),
                                    least((select max(at) from inference), now() + interval '1 day'),
                                    make_interval(secs => :piece)) as s (start)
                                cross join lateral (
                                    select method, min(at) as first, count(*) as calls, count(*) filter (where status <> 'OK') as errors,
                                        sum(tokens) as tokens, case when count(*) <= :most then array_agg(total_nanos) end as times
                                    from inference where at >= s.start and at < s.start + make_interval(secs => :piece)\
                                """
                                        + conditions(query)
                                        + " group by method) p"))
                .param("piece", piece.toMillis() / 1000.0)
                .param("most", MOST_SENT)
                .query(sum::add);
        return sum.looked().orElseGet(() -> new Looked(pieces(query, piece), summary(query)));
    }

    /** How all calls that pass did, and how each method did, from one look at them. */
    public Summary summary(InferenceQuery query) {
        List<TimePiece> total = new ArrayList<>();
        List<MethodSummary> methods = new ArrayList<>();
        bound(
                        query,
                        jdbc.sql(
                                """
                                select method, grouping(method) as whole, min(at) as start, count(*) as calls,
                                    count(*) filter (where status <> 'OK') as errors, sum(tokens) as tokens,
                                    percentile_disc(array[0.5, 0.95, 0.99]) within group (order by total_nanos) as times
                                from inference where true\
                                """
                                        + conditions(query)
                                        + " group by rollup (method) having count(*) > 0 order by method"))
                .query((ResultSet row) -> {
                    TimePiece piece = piece(row, 0);
                    if (row.getInt("whole") == 1) {
                        total.add(piece);
                    } else {
                        methods.add(
                                new MethodSummary(
                                        row.getString("method"),
                                        piece.calls(),
                                        piece.errors(),
                                        piece.tokens(),
                                        piece.p50Nanos(),
                                        piece.p95Nanos(),
                                        piece.p99Nanos()));
                    }
                });
        return new Summary(total.stream().findFirst(), methods);
    }

    private static String conditions(InferenceQuery query) {
        StringBuilder sql = new StringBuilder();
        query.from().ifPresent(t -> sql.append(" and at >= :from"));
        query.to().ifPresent(t -> sql.append(" and at < :to"));
        query.caller().ifPresent(c -> sql.append(" and caller = :caller"));
        query.model().ifPresent(m -> sql.append(" and model = :model"));
        query.method().ifPresent(m -> sql.append(" and method = :method"));
        query.status()
                .ifPresent(s ->
                        sql.append(
                                s.equals(InferenceQuery.FAILED)
                                        ? " and status <> 'OK'"
                                        : " and status = :status"));
        return sql.toString();
    }

    private static JdbcClient.StatementSpec bound(
            InferenceQuery query, JdbcClient.StatementSpec statement) {
        query.from().ifPresent(t -> statement.param("from", Rows.parameter(t)));
        query.to().ifPresent(t -> statement.param("to", Rows.parameter(t)));
        query.caller().ifPresent(c -> statement.param("caller", Rows.text(c)));
        query.model().ifPresent(m -> statement.param("model", Rows.text(m)));
        query.method().ifPresent(m -> statement.param("method", Rows.text(m)));
        query.status()
                .filter(s -> !s.equals(InferenceQuery.FAILED))
                .ifPresent(s -> statement.param("status", Rows.text(s)));
        return statement;
    }

    private static TimePiece piece(ResultSet row, int number) throws SQLException {
        Long[] times = (Long[]) row.getArray("times").getArray();
        return new TimePiece(
                Rows.time(row, "start"),
                row.getLong("calls"),
                row.getLong("errors"),
                row.getLong("tokens"),
                times[0],
                times[1],
                times[2]);
    }
}
