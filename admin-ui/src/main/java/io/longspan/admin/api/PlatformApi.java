package io.longspan.admin.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.longspan.admin.page.Missing;
import io.longspan.store.Slice;
import io.longspan.store.Store;
import io.longspan.store.audit.AuditRow;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.inference.InferenceQuery;
import io.longspan.store.inference.TimePiece;
import io.longspan.store.key.ApiKeyRow;
import io.longspan.store.model.ModelRow;
import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.user.UserRow;
import io.longspan.store.work.JobExecution;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkQuery;
import io.longspan.store.work.WorkRow;
import io.longspan.store.work.WorkState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.ObjectMapper;

/** What the pages of jobs, schedules, corpora, models, traffic and people show, as JSON. */
@RestController
@RequestMapping("/api/v1")
class PlatformApi {
    private static final int EXECUTIONS = 10;
    private static final int MOST_MINUTES = 7 * 24 * 60;

    private final Store store;
    private final InstantSource clock;
    private final ObjectMapper mapper;

    PlatformApi(Store store, InstantSource consoleClock, ObjectMapper mapper) {
        this.store = store;
        this.clock = consoleClock;
        this.mapper = mapper;
    }

    /** A request with all that is known of it. */
    record JobJson(WorkJson work, @JsonRawValue String payload, List<JobExecution> executions) {}

    /** A data set with its manifest. */
    record DataSetDetail(DataSetJson dataSet, @JsonRawValue String manifest) {}

    @GetMapping("/jobs")
    Slice<WorkJson> jobs(
            @RequestParam Optional<WorkKind> kind,
            @RequestParam Optional<WorkState> state,
            @RequestParam Optional<String> q,
            @RequestParam Optional<Long> before,
            @RequestParam(defaultValue = "100") int limit) {
        Slice<WorkRow> rows =
                store.workSearch()
                        .page(new WorkQuery(kind, state, q, before, ConsoleApi.checked(limit)));
        return new Slice<>(rows.rows().stream().map(WorkJson::of).toList(), rows.next());
    }

    @GetMapping("/jobs/{id}")
    JobJson job(@PathVariable long id) {
        WorkRow work =
                store.work()
                        .find(id)
                        .orElseThrow(() ->
                                new Missing(
                                        "request '"
                                                + id
                                                + "' does not exist; /api/v1/jobs lists those that do"));
        String out = mapper.readTree(work.payload()).path("out").asString("");
        return new JobJson(
                WorkJson.of(work),
                work.payload(),
                work.kind() == WorkKind.INGEST && !out.isEmpty()
                        ? store.executions().ofDataSet(out, EXECUTIONS)
                        : List.of());
    }

    @GetMapping("/schedules")
    List<ScheduleRow> schedules() {
        return store.schedules().list();
    }

    @GetMapping("/data-sets")
    Slice<DataSetJson> dataSets(
            @RequestParam Optional<Long> before, @RequestParam(defaultValue = "100") int limit) {
        Slice<DataSetRow> rows = store.dataSets().page(before, ConsoleApi.checked(limit));
        return new Slice<>(rows.rows().stream().map(DataSetJson::of).toList(), rows.next());
    }

    @GetMapping("/data-sets/{id}")
    DataSetDetail dataSet(@PathVariable long id) {
        DataSetRow row =
                store.dataSets()
                        .find(id)
                        .orElseThrow(() ->
                                new Missing(
                                        "data set '"
                                                + id
                                                + "' does not exist; /api/v1/data-sets lists those that do"));
        return new DataSetDetail(DataSetJson.of(row), row.manifest().orElse("null"));
    }

    @GetMapping("/models")
    List<ModelRow> models() {
        return store.models().list();
    }

    @GetMapping("/traffic")
    List<TimePiece> traffic(
            @RequestParam(defaultValue = "60") int minutes,
            @RequestParam Optional<String> caller,
            @RequestParam Optional<String> model,
            @RequestParam Optional<String> method,
            @RequestParam Optional<String> status) {
        if (minutes < 1 || minutes > MOST_MINUTES) {
            throw new BadParameterException(
                    "parameter 'minutes' is '" + minutes + "'; it must be 1 to " + MOST_MINUTES);
        }
        return store.inferenceSearch()
                .pieces(
                        new InferenceQuery(
                                Optional.of(clock.instant().minus(Duration.ofMinutes(minutes))),
                                Optional.empty(),
                                caller,
                                model,
                                method,
                                status),
                        Duration.ofMinutes(Math.max(1, minutes / 60)));
    }

    @GetMapping("/keys")
    List<ApiKeyRow> keys(@RequestParam(defaultValue = "100") int limit) {
        return store.apiKeys().list(ConsoleApi.checked(limit));
    }

    @GetMapping("/users")
    List<UserRow> users() {
        return store.userAdmin().list();
    }

    @GetMapping("/audit")
    Slice<AuditRow> audit(
            @RequestParam Optional<String> actor,
            @RequestParam Optional<String> action,
            @RequestParam Optional<Long> before,
            @RequestParam(defaultValue = "100") int limit) {
        return store.auditSearch().page(actor, action, before, ConsoleApi.checked(limit));
    }
}
