package io.longspan.admin.jobs;

import io.longspan.admin.page.Missing;
import io.longspan.store.Store;
import io.longspan.store.work.JobExecution;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkQuery;
import io.longspan.store.work.WorkRow;
import io.longspan.store.work.WorkState;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The list of requests for work, and one of them with all that is known of it. */
@Controller
class JobsPage {
    private static final int ROWS = 50;
    private static final int EXECUTIONS = 10;

    private final Store store;
    private final InstantSource clock;
    private final ObjectMapper mapper;

    JobsPage(Store store, InstantSource consoleClock, ObjectMapper mapper) {
        this.store = store;
        this.clock = consoleClock;
        this.mapper = mapper;
    }

    @GetMapping("/jobs")
    String list(
            @RequestParam Optional<WorkKind> kind,
            @RequestParam Optional<WorkState> state,
            @RequestParam Optional<String> q,
            @RequestParam Optional<Long> before,
            Model model) {
        model.addAttribute(
                "slice",
                store.workSearch()
                        .page(
                                new WorkQuery(
                                        kind, state, q.filter(t -> !t.isBlank()), before, ROWS)));
        model.addAttribute("kinds", List.of(WorkKind.values()));
        model.addAttribute("counts", store.workSearch().counts());
        model.addAttribute("json", "/api/v1/jobs");
        return "longspan/jobs";
    }

    @GetMapping("/jobs/{id}")
    String one(@PathVariable long id, Model model) {
        WorkRow work =
                store.work()
                        .find(id)
                        .orElseThrow(() ->
                                new Missing(
                                        "Request "
                                                + id
                                                + " does not exist; Jobs lists those that do."));
        Optional<String> out = member(work, "out");
        Optional<String> output = member(work, "output");
        boolean ingest = work.kind() == WorkKind.INGEST;
        List<JobExecution> executions =
                ingest
                        ? out.map(folder -> store.executions().ofDataSet(folder, EXECUTIONS))
                                .orElse(List.of())
                        : List.of();
        model.addAttribute("w", work);
        model.addAttribute("pace", Pace.of(work, clock.instant()));
        model.addAttribute("executions", executions.stream().map(Execution::of).toList());
        model.addAttribute("payload", pretty(work.payload()));
        model.addAttribute("result", work.result().map(this::pretty).orElse(""));
        model.addAttribute(
                "dataSet", ingest ? out.flatMap(store.dataSets()::find).orElse(null) : null);
        model.addAttribute(
                "run", ingest ? null : output.flatMap(store.runs()::findByOutput).orElse(null));
        model.addAttribute("json", "/api/v1/jobs/" + id);
        return "longspan/job";
    }

    private Optional<String> member(WorkRow work, String name) {
        try {
            JsonNode value = mapper.readTree(work.payload()).path(name);
            return value.isString() ? Optional.of(value.asString()) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private String pretty(String json) {
        try {
            return mapper.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(mapper.readTree(json));
        } catch (JacksonException e) {
            return json;
        }
    }
}
