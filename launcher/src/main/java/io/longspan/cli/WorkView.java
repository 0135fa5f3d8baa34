package io.longspan.cli;

import io.longspan.cli.term.Table;
import io.longspan.store.work.WorkRow;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Requests of the work queue, for people and for machines. */
final class WorkView {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private WorkView() {}

    static Map<String, Object> json(WorkRow row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", row.id());
        json.put("kind", row.kind());
        json.put("title", row.title());
        json.put("state", row.stateForPeople());
        json.put("worker", row.worker().orElse(null));
        json.put("attempt", row.attempt());
        json.put("done", row.done());
        json.put("total", row.total());
        json.put("note", row.note());
        json.put("message", row.message());
        json.put("requestedBy", row.requestedBy());
        json.put("createdAt", row.createdAt());
        json.put("startedAt", row.startedAt().orElse(null));
        json.put("endedAt", row.endedAt().orElse(null));
        json.put("payload", MAPPER.readTree(row.payload()));
        json.put("result", row.result().map(MAPPER::readTree).orElse(null));
        return json;
    }

    static String table(List<WorkRow> rows) {
        if (rows.isEmpty()) {
            return "nothing was ever handed to a worker; 'longspan ingest start --help' and 'longspan train --help' say how";
        }
        Table table = new Table("id", "kind", "what", "state", "progress", "age", "message");
        rows.forEach(row ->
                table.row(
                        Long.toString(row.id()),
                        row.kind().name().toLowerCase(Locale.ROOT),
                        row.title(),
                        row.stateForPeople(),
                        progress(row),
                        age(row.createdAt()),
                        row.message()));
        return table.toString();
    }

    static String text(WorkRow row) {
        StringBuilder text = new StringBuilder();
        text.append("request   ").append(row.id()).append(": ").append(row.title()).append('\n');
        text.append("state     ").append(row.stateForPeople()).append('\n');
        text.append("progress  ").append(progress(row)).append("  ").append(row.note());
        row.worker()
                .ifPresent(worker ->
                        text.append("\nworker    ")
                                .append(worker)
                                .append(", attempt ")
                                .append(row.attempt()));
        text.append("\nasked     ")
                .append(row.createdAt())
                .append(" by ")
                .append(row.requestedBy());
        row.endedAt().ifPresent(end -> text.append("\nended     ").append(end));
        if (!row.message().isEmpty()) {
            text.append("\nmessage   ").append(row.message());
        }
        row.result().ifPresent(result -> text.append("\nresult    ").append(result));
        return text.toString();
    }

    private static String progress(WorkRow row) {
        return row.total() == 0
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%,d of %,d (%d %%)",
                        row.done(),
                        row.total(),
                        100 * row.done() / row.total());
    }

    private static String age(Instant since) {
        Duration age = Duration.between(since, Instant.now());
        if (age.toDays() > 0) {
            return age.toDays() + " d";
        }
        return age.toHours() > 0
                ? age.toHours() + " h"
                : age.toMinutes() > 0 ? age.toMinutes() + " min" : age.toSeconds() + " s";
    }
}
