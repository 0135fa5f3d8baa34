package io.longspan.admin.curve;

import io.longspan.store.Store;
import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunSearch;
import io.longspan.store.run.RunState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/** Reads one number of several runs. */
@Component
public final class RunCurves {
    private static final int MOST_POINTS = 1000;

    private final Store store;
    private final ObjectMapper mapper;

    RunCurves(Store store, ObjectMapper mapper) {
        this.store = store;
        this.mapper = mapper;
    }

    /**
     * The curves; a run without the number, or whose tokens cannot be counted, has no points.
     *
     * @param smooth share of the past in each value, 0 to below 1
     */
    public CurveSet read(
            List<RunRow> runs, List<String> metrics, RunAxis axis, double smooth, boolean log) {
        Map<String, List<CurveSet.Point>> lines = new LinkedHashMap<>();
        for (RunRow run : runs) {
            for (String metric : metrics) {
                String label =
                        metrics.size() == 1
                                ? run.id() + " " + run.name()
                                : runs.size() == 1 ? metric : run.id() + " " + metric;
                lines.put(label, Smoothing.of(points(run, metric, axis), smooth));
            }
        }
        boolean live = runs.stream().anyMatch(r -> r.state() == RunState.RUNNING);
        String unit = metrics.stream().allMatch(m -> m.endsWith("loss")) ? "nats" : "";
        return CurveSet.of(axis.key(), unit, log, live, lines);
    }

    private List<CurveSet.Point> points(RunRow run, String metric, RunAxis axis) {
        List<RunSearch.Sample> samples = store.runSearch().curve(run.id(), metric, MOST_POINTS);
        if (samples.isEmpty()) {
            return List.of();
        }
        return switch (axis) {
            case STEP ->
                    samples.stream()
                            .map(s -> new CurveSet.Point((double) s.step(), s.value()))
                            .toList();
            case TOKENS -> {
                OptionalDouble each = tokensPerStep(run);
                yield each.isEmpty()
                        ? List.of()
                        : samples.stream()
                                .map(s ->
                                        new CurveSet.Point(
                                                s.step() * each.getAsDouble(), s.value()))
                                .toList();
            }
            case TIME ->
                    samples.stream()
                            .map(s ->
                                    new CurveSet.Point(
                                            Duration.between(samples.getFirst().at(), s.at())
                                                            .toMillis()
                                                    / 1000.0,
                                            s.value()))
                            .toList();
        };
    }

    private OptionalDouble tokensPerStep(RunRow run) {
        try {
            double value = mapper.readTree(run.config()).path("tokens_per_step").asDouble(0);
            return value > 0 ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (JacksonException e) {
            return OptionalDouble.empty();
        }
    }
}
