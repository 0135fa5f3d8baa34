package io.longspan.store.inference;

import io.longspan.store.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Puts together what was counted for each method in each piece of time; used by one thread. */
final class WindowSum {
    private final List<Cell> cells = new ArrayList<>();
    private boolean whole = true;

    /** One method in one piece of time, with the time of every call. */
    private record Cell(
            Instant start,
            Instant first,
            String method,
            long calls,
            long errors,
            long tokens,
            List<Long> times) {}

    void add(ResultSet row) throws SQLException {
        java.sql.Array times = row.getArray("times");
        if (times == null) {
            whole = false;
            return;
        }
        cells.add(
                new Cell(
                        Rows.time(row, "start"),
                        Rows.time(row, "first"),
                        row.getString("method"),
                        row.getLong("calls"),
                        row.getLong("errors"),
                        row.getLong("tokens"),
                        List.of((Long[]) times.getArray())));
    }

    /** Nothing, when there was a cell with too many calls to have their times sent. */
    Optional<InferenceSearch.Looked> looked() {
        if (!whole) {
            return Optional.empty();
        }
        List<TimePiece> pieces = new ArrayList<>();
        by(Cell::start).forEach((start, some) -> pieces.add(sum(start, some)));
        List<MethodSummary> methods = new ArrayList<>();
        by(Cell::method)
                .forEach((method, some) -> {
                    TimePiece sum = sum(Instant.EPOCH, some);
                    methods.add(
                            new MethodSummary(
                                    method,
                                    sum.calls(),
                                    sum.errors(),
                                    sum.tokens(),
                                    sum.p50Nanos(),
                                    sum.p95Nanos(),
                                    sum.p99Nanos()));
                });
        Optional<TimePiece> total =
                cells.stream()
                        .map(Cell::first)
                        .min(Instant::compareTo)
                        .map(first -> sum(first, cells));
        return Optional.of(
                new InferenceSearch.Looked(pieces, new InferenceSearch.Summary(total, methods)));
    }

    private <K extends Comparable<K>> SortedMap<K, List<Cell>> by(Function<Cell, K> key) {
        SortedMap<K, List<Cell>> groups = new TreeMap<>();
        for (Cell cell : cells) {
            groups.computeIfAbsent(key.apply(cell), k -> new ArrayList<>()).add(cell);
        }
        return groups;
    }

    private static TimePiece sum(Instant start, List<Cell> some) {
        long[] times =
                some.stream()
                        .flatMapToLong(c -> c.times().stream().mapToLong(t -> t))
                        .sorted()
                        .toArray();
        return new TimePiece(
                start,
                some.stream().mapToLong(Cell::calls).sum(),
                some.stream().mapToLong(Cell::errors).sum(),
                some.stream().mapToLong(Cell::tokens).sum(),
                percentile(times, 0.5),
                percentile(times, 0.95),
                percentile(times, 0.99));
    }

    /** As the database's percentile_disc: the first value that this part of all does not exceed. */
    private static long percentile(long[] sorted, double part) {
        return sorted[(int) Math.max(0, Math.ceil(part * sorted.length) - 1)];
    }
}
