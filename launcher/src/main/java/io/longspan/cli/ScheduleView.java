package io.longspan.cli;

import io.longspan.store.schedule.ScheduleRow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Schedules as commands show them. */
final class ScheduleView {
    private ScheduleView() {}

    /** That requests were handed in. */
    static String handed(List<Long> work) {
        List<String> keys = new ArrayList<>();
        work.forEach(key -> keys.add(Long.toString(key)));
        return "handed in as work "
                + String.join(", ", keys)
                + "; 'longspan work list' shows how far it is";
    }

    /** A time in the schedule's zone. */
    static String at(ScheduleRow row, Instant time) {
        return time.atZone(ZoneId.of(row.zone())).toOffsetDateTime().toString();
    }

    /** A schedule for machines. */
    static Map<String, Object> json(ScheduleRow row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", row.name());
        json.put("cron", row.cron());
        json.put("zone", row.zone());
        json.put("overlap", row.overlap().name().toLowerCase(Locale.ROOT));
        json.put("missed", row.missed().name().toLowerCase(Locale.ROOT));
        json.put("paused", row.paused());
        json.put("next", row.paused() ? null : row.nextAt());
        json.put("last", row.lastAt().orElse(null));
        json.put("last_work", row.lastWork().orElse(null));
        json.put("runs", row.runs());
        json.put("skipped", row.skipped());
        json.put("created_by", row.createdBy());
        return json;
    }
}
