package io.longspan.admin.runs;

import io.longspan.admin.page.Format;
import io.longspan.admin.page.ReaderZone;
import io.longspan.admin.page.Refused;
import io.longspan.store.Slice;
import io.longspan.store.Store;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunState;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The table of runs. */
@Controller
class RunsPage {
    private static final int ROWS = 50;
    private static final Set<RunColumn> USUAL =
            EnumSet.of(
                    RunColumn.OBJECTIVE,
                    RunColumn.STEPS,
                    RunColumn.LAST,
                    RunColumn.BEST,
                    RunColumn.BACKEND,
                    RunColumn.STARTED,
                    RunColumn.TIME);

    private final Store store;
    private final InstantSource clock;

    RunsPage(Store store, InstantSource consoleClock) {
        this.store = store;
        this.clock = consoleClock;
    }

    /**
     * A run with its cells.
     *
     * @param run as stored
     * @param cells one per chosen column
     */
    record Row(RunRow run, List<String> cells) {}

    @GetMapping("/runs")
    String list(
            @RequestParam Optional<RunState> state,
            @RequestParam Optional<String> q,
            @RequestParam Optional<Long> before,
            @RequestParam(defaultValue = "") List<String> col,
            ReaderZone zone,
            Model model) {
        Set<RunColumn> columns = col.isEmpty() ? USUAL : chosen(col);
        Slice<RunRow> slice =
                store.runSearch().page(state, q.filter(t -> !t.isBlank()), before, ROWS);
        List<Long> keys = slice.rows().stream().map(RunRow::id).toList();
        RunColumn.Numbers numbers =
                new RunColumn.Numbers(
                        columns.contains(RunColumn.BEST)
                                ? store.runSearch().least(keys, Metric.HELD_OUT_LOSS)
                                : Map.of(),
                        columns.contains(RunColumn.LOSS)
                                ? store.runSearch().latest(keys, Metric.LOSS)
                                : Map.of(),
                        columns.contains(RunColumn.SPEED)
                                ? store.runSearch().latest(keys, "tokens_per_second")
                                : Map.of());
        Format f = new Format(clock.instant(), zone.value());
        model.addAttribute("columns", columns.stream().map(RunColumn::key).toList());
        model.addAttribute(
                "all", EnumSet.allOf(RunColumn.class).stream().map(RunColumn::key).toList());
        model.addAttribute("states", List.of(RunState.values()));
        model.addAttribute("next", slice.next());
        model.addAttribute(
                "rows",
                slice.rows().stream()
                        .map(run ->
                                new Row(
                                        run,
                                        columns.stream()
                                                .map(c -> c.cell(run, numbers, f))
                                                .toList()))
                        .toList());
        model.addAttribute("json", "/api/v1/runs");
        return "longspan/runs";
    }

    private static Set<RunColumn> chosen(List<String> names) {
        Set<RunColumn> columns = EnumSet.noneOf(RunColumn.class);
        for (String name : names) {
            try {
                columns.add(RunColumn.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new Refused(
                        "There is no column '" + name + "'; choose from those below the table.");
            }
        }
        return columns;
    }
}
