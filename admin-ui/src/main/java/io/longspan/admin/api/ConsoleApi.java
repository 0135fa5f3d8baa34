package io.longspan.admin.api;

import io.longspan.admin.chart.LossCurves;
import io.longspan.admin.chart.MetricsAnswer;
import io.longspan.admin.overview.OverviewReader;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The facts of the page as JSON. */
@RestController
@RequestMapping("/api/v1")
class ConsoleApi {
    private static final int MOST_ROWS = 1000;

    private final OverviewReader reader;
    private final LossCurves curves;
    private final Store store;

    ConsoleApi(OverviewReader reader, LossCurves curves, Store store) {
        this.reader = reader;
        this.curves = curves;
        this.store = store;
    }

    @GetMapping("/overview")
    OverviewJson overview() {
        return OverviewJson.of(reader.read());
    }

    @GetMapping("/runs")
    List<RunJson> runs(@RequestParam(defaultValue = "100") int limit) {
        return store.runs().list(checked(limit)).stream().map(RunJson::of).toList();
    }

    @GetMapping("/runs/{id}")
    RunJson run(@PathVariable long id) {
        return RunJson.of(find(id));
    }

    @GetMapping("/runs/{id}/metrics")
    MetricsAnswer metrics(@PathVariable long id, @RequestParam(defaultValue = "-1") long after) {
        return curves.after(find(id), after);
    }

    @GetMapping("/work")
    List<WorkJson> work(@RequestParam(defaultValue = "100") int limit) {
        return store.work().list(checked(limit)).stream().map(WorkJson::of).toList();
    }

    @GetMapping("/inferences")
    List<InferenceRow> inferences(
            @RequestParam Optional<UUID> id,
            @RequestParam Optional<String> model,
            @RequestParam Optional<String> status,
            @RequestParam(defaultValue = "100") int limit) {
        return store.inferences().list(new InferenceFilter(id, model, status, checked(limit)));
    }

    private RunRow find(long id) {
        return store.runs()
                .find(id)
                .orElseThrow(() ->
                        new NotFoundException(
                                "run '"
                                        + id
                                        + "' does not exist; /api/v1/runs lists those that do"));
    }

    static int checked(int limit) {
        if (limit < 1 || limit > MOST_ROWS) {
            throw new BadParameterException(
                    "parameter 'limit' is '" + limit + "'; it must be 1 to " + MOST_ROWS);
        }
        return limit;
    }
}
