package io.longspan.admin.runs;

import io.longspan.admin.curve.CurveSet;
import io.longspan.admin.curve.RunCurves;
import io.longspan.store.Store;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The numbers behind the drawings of runs. */
@RestController
class CurvesApi {
    private final Store store;
    private final RunCurves curves;

    CurvesApi(Store store, RunCurves curves) {
        this.store = store;
        this.curves = curves;
    }

    @GetMapping("/api/v1/curves")
    CurveSet curves(
            @RequestParam Set<Long> run,
            @RequestParam List<String> metric,
            @RequestParam(defaultValue = "step") String x,
            @RequestParam(defaultValue = "0") double smooth,
            @RequestParam(defaultValue = "false") boolean log) {
        List<RunRow> runs =
                run.stream()
                        .sorted()
                        .limit(12)
                        .map(store.runs()::find)
                        .flatMap(Optional::stream)
                        .toList();
        return curves.read(runs, metric, RunPages.axis(x), RunPages.share(smooth), log);
    }
}
