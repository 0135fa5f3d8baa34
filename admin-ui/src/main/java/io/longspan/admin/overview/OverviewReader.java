package io.longspan.admin.overview;

import io.longspan.store.Store;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.node.NodeRow;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import io.longspan.store.work.WorkState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/** Takes one look at the store. */
@Component
public final class OverviewReader {
    private static final Duration DEAD = Duration.ofSeconds(30);
    private static final Set<WorkKind> ALL_KINDS = Set.of();
    private static final Set<WorkState> OPEN = Set.of(WorkState.QUEUED, WorkState.RUNNING);
    private static final Set<WorkState> ENDED =
            Set.of(WorkState.DONE, WorkState.FAILED, WorkState.STOPPED);
    private static final int OPEN_WORK = 200;
    private static final int ENDED_LOOKED_AT = 100;
    private static final int ENDED_WORK = 8;
    private static final int RUNS = 12;
    private static final int DATA_SETS = 50;
    private static final int MODELS = 50;
    private static final int INFERENCES = 15;
    private static final int COUNTED = 50_000;

    private final Store store;
    private final InstantSource clock;
    private final ObjectMapper mapper;

    OverviewReader(Store store, InstantSource consoleClock, ObjectMapper mapper) {
        this.store = store;
        this.clock = consoleClock;
        this.mapper = mapper;
    }

    /** Reads everything that the overview shows. */
    public Overview read() {
        List<NodeRow> nodes = store.nodes().alive(DEAD);
        return new Overview(
                clock.instant(),
                nodes,
                WorkBoard.of(work(), ENDED_WORK),
                store.dataSets().latest(DATA_SETS),
                store.runs().list(RUNS),
                first(MODELS, store.models().list()),
                backends(nodes),
                store.inferences().list(InferenceFilter.newest(INFERENCES)),
                store.inferences().about(COUNTED));
    }

    /** Requests end in another order than they were made: more are looked at than shown. */
    private List<WorkRow> work() {
        List<WorkRow> rows = new ArrayList<>(store.work().list(ALL_KINDS, OPEN, OPEN_WORK));
        rows.addAll(store.work().list(ALL_KINDS, ENDED, ENDED_LOOKED_AT));
        return rows;
    }

    /** How processes that live chose their backends, one entry per different choice. */
    public List<BackendReport> backends() {
        return backends(store.nodes().alive(DEAD));
    }

    private List<BackendReport> backends(List<NodeRow> nodes) {
        Map<String, List<String>> processesByReport = new LinkedHashMap<>();
        for (NodeRow node : nodes) {
            node.selectionReport()
                    .ifPresent(report ->
                            processesByReport
                                    .computeIfAbsent(report, r -> new ArrayList<>())
                                    .add(node.roles() + " on " + node.host() + ":" + node.pid()));
        }
        List<BackendReport> reports = new ArrayList<>();
        processesByReport.forEach(
                (report, processes) -> reports.add(BackendReport.read(processes, report, mapper)));
        return reports;
    }

    private static <T> List<T> first(int most, List<T> all) {
        return all.subList(0, Math.min(most, all.size()));
    }
}
