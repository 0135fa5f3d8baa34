package io.longspan.admin.runs;

import io.longspan.admin.curve.CurveSet;
import io.longspan.admin.curve.CurveSvg;
import io.longspan.admin.curve.RunAxis;
import io.longspan.admin.curve.RunCurves;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.ReadData;
import io.longspan.admin.page.ReaderZone;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.ObjectMapper;

/** One run, and several compared. */
@Controller
class RunPages {
    private static final int MOST_COMPARED = 12;
    private static final int REQUESTS = 20;

    private final Store store;
    private final RunCurves curves;
    private final ObjectMapper mapper;

    RunPages(Store store, RunCurves curves, ObjectMapper mapper) {
        this.store = store;
        this.curves = curves;
        this.mapper = mapper;
    }

    @GetMapping("/runs/{id}")
    String one(
            @PathVariable long id,
            @RequestParam(defaultValue = "") List<String> metric,
            @RequestParam(defaultValue = "step") String x,
            @RequestParam(defaultValue = "0") double smooth,
            @RequestParam(defaultValue = "false") boolean log,
            ReaderZone zone,
            Model model) {
        RunRow run = find(id);
        List<String> names = store.runSearch().names(id);
        List<String> shown =
                metric.isEmpty()
                        ? names.stream()
                                .filter(n ->
                                        n.equals(Metric.LOSS) || n.equals(Metric.HELD_OUT_LOSS))
                                .toList()
                        : metric;
        draw(List.of(run), shown, x, smooth, log, zone, model);
        model.addAttribute("run", run);
        model.addAttribute("metrics", names);
        model.addAttribute("checkpoints", store.runs().checkpoints(id));
        model.addAttribute("requests", store.workSearch().ofRun(run.output(), REQUESTS));
        model.addAttribute("data", ReadData.of(store, run));
        model.addAttribute(
                "models",
                store.models().list().stream()
                        .filter(m -> m.runId().isPresent() && m.runId().getAsLong() == id)
                        .toList());
        model.addAttribute("config", ConfigDiff.of(List.of(run.config()), false, mapper).rows());
        model.addAttribute("spans", Spans.of(store, run, mapper));
        model.addAttribute("json", "/api/v1/runs/" + id);
        return "longspan/run";
    }

    @GetMapping("/runs/compare")
    String compare(
            @RequestParam(defaultValue = "") Set<Long> run,
            @RequestParam(defaultValue = Metric.HELD_OUT_LOSS) String metric,
            @RequestParam(defaultValue = "step") String x,
            @RequestParam(defaultValue = "0") double smooth,
            @RequestParam(defaultValue = "false") boolean log,
            @RequestParam(defaultValue = "false") boolean all,
            ReaderZone zone,
            Model model) {
        if (run.isEmpty() || run.size() > MOST_COMPARED) {
            throw new Refused(
                    run.size()
                            + " runs are chosen; choose 1 to "
                            + MOST_COMPARED
                            + " in the table of runs.");
        }
        List<RunRow> runs = run.stream().sorted().map(this::find).toList();
        TreeSet<String> names = new TreeSet<>();
        runs.forEach(r -> names.addAll(store.runSearch().names(r.id())));
        draw(runs, List.of(metric), x, smooth, log, zone, model);
        List<Long> keys = runs.stream().map(RunRow::id).toList();
        model.addAttribute("runs", runs);
        model.addAttribute("metrics", names);
        model.addAttribute("metric", metric);
        model.addAttribute("least", store.runSearch().least(keys, metric));
        model.addAttribute("latest", store.runSearch().latest(keys, metric));
        model.addAttribute("all", all);
        model.addAttribute(
                "diff",
                ConfigDiff.of(runs.stream().map(RunRow::config).toList(), !all, mapper).rows());
        return "longspan/compare";
    }

    private void draw(
            List<RunRow> runs,
            List<String> metrics,
            String x,
            double smooth,
            boolean log,
            ReaderZone zone,
            Model model) {
        RunAxis axis = axis(x);
        double share = share(smooth);
        CurveSet set = curves.read(runs, metrics, axis, share, log);
        model.addAttribute("svg", CurveSvg.text(set, String.join(", ", metrics), zone.value()));
        model.addAttribute("shown", metrics);
        model.addAttribute("x", axis.key());
        model.addAttribute("axes", List.of(RunAxis.values()).stream().map(RunAxis::key).toList());
        model.addAttribute("smooth", share);
        model.addAttribute("log", log);
        model.addAttribute(
                "curves",
                "/api/v1/curves?"
                        + runs.stream().map(r -> "run=" + r.id()).collect(Collectors.joining("&"))
                        + metrics.stream()
                                .map(m ->
                                        "&metric="
                                                + java.net.URLEncoder.encode(
                                                        m, java.nio.charset.StandardCharsets.UTF_8))
                                .collect(Collectors.joining())
                        + "&x="
                        + axis.key()
                        + "&smooth="
                        + share
                        + "&log="
                        + log);
    }

    static RunAxis axis(String name) {
        try {
            return RunAxis.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Refused("'x' is '" + name + "'; it must be step, tokens or time.");
        }
    }

    static double share(double smooth) {
        if (!(smooth >= 0 && smooth < 1)) {
            throw new Refused("'smooth' is " + smooth + "; it must be from 0 to below 1.");
        }
        return smooth;
    }

    private RunRow find(long id) {
        return store.runs()
                .find(id)
                .orElseThrow(() ->
                        new Missing("Run " + id + " does not exist; Runs lists those that do."));
    }
}
