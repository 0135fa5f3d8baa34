package io.longspan.admin.overview;

import io.longspan.admin.chart.LossCurves;
import io.longspan.admin.chart.Steps;
import io.longspan.admin.page.Format;
import io.longspan.admin.page.ReaderZone;
import io.longspan.store.Store;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The overview, whole and as the part of it that renews itself. */
@Controller
class OverviewPage {
    private static final int HELD_OUT_ROWS = 40;

    private final OverviewReader reader;
    private final LossCurves curves;
    private final Store store;

    OverviewPage(OverviewReader reader, LossCurves curves, Store store) {
        this.reader = reader;
        this.curves = curves;
        this.store = store;
    }

    @GetMapping("/")
    String page(
            @RequestParam Optional<Long> run,
            @RequestParam Optional<Long> from,
            @RequestParam Optional<Long> to,
            ReaderZone zone,
            Model model) {
        Optional<RunRow> shown = fill(run, zone, model);
        model.addAttribute("from", from.orElse(null));
        model.addAttribute("to", to.orElse(null));
        model.addAttribute("svg", shown.map(r -> curves.svg(r, new Steps(from, to))).orElse(""));
        return "longspan/overview";
    }

    /** Without the drawing: only a browser with a script asks for it, and that draws by itself. */
    @GetMapping("/fragments/overview")
    String fragment(@RequestParam Optional<Long> run, ReaderZone zone, Model model) {
        fill(run, zone, model);
        return "longspan/sections :: all";
    }

    private Optional<RunRow> fill(Optional<Long> asked, ReaderZone zone, Model model) {
        Overview seen = reader.read();
        Optional<RunRow> chosen = asked.flatMap(store.runs()::find);
        Optional<RunRow> shown = chosen.or(seen::latestRun);
        model.addAttribute("seen", seen);
        model.addAttribute("f", new Format(seen.at(), zone.value()));
        model.addAttribute("asked", asked.orElse(null));
        model.addAttribute("unknownRun", asked.isPresent() && chosen.isEmpty());
        model.addAttribute("run", shown.orElse(null));
        model.addAttribute(
                "heldOut",
                shown.map(r ->
                                store.runs()
                                        .lastMetrics(r.id(), Metric.HELD_OUT_LOSS, HELD_OUT_ROWS))
                        .orElse(List.of()));
        return shown;
    }
}
