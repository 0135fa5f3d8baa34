package io.longspan.admin.schedules;

import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The list of schedules with their next times. */
@Controller
class SchedulesPage {
    private static final int NEXT_TIMES = 5;

    private final Store store;
    private final InstantSource clock;

    SchedulesPage(Store store, InstantSource consoleClock) {
        this.store = store;
        this.clock = consoleClock;
    }

    /**
     * A schedule and its times.
     *
     * @param row as stored
     * @param next its next times; none while it is paused
     */
    record Shown(ScheduleRow row, List<Instant> next) {}

    @GetMapping("/schedules")
    String list(Model model) {
        Instant now = clock.instant();
        model.addAttribute(
                "schedules",
                store.schedules().list().stream()
                        .map(row ->
                                new Shown(
                                        row, row.paused() ? List.of() : row.next(now, NEXT_TIMES)))
                        .toList());
        model.addAttribute(
                "request",
                store.workSearch().last(WorkKind.INGEST).map(WorkRow::payload).orElse("{}"));
        model.addAttribute("json", "/api/v1/schedules");
        return "longspan/schedules";
    }
}
