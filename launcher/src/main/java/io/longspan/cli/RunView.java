package io.longspan.cli;

import io.longspan.cli.term.CurveSvg;
import io.longspan.cli.term.Sparkline;
import io.longspan.cli.term.Table;
import io.longspan.store.run.CheckpointRow;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunOrigin;
import io.longspan.store.run.RunRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/** Training runs, for people and for machines. */
final class RunView {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** What is measured beside the loss, as it is stored. */
    static final Set<String> MEASURED =
            Set.of(
                    "held_out_accuracy",
                    "held_out_macro_f1",
                    "held_out_micro_f1",
                    "held_out_mse",
                    "held_out_pearson",
                    "held_out_exact_match",
                    "held_out_f1",
                    "held_out_perplexity",
                    "held_out_bits_per_token",
                    "held_out_bits_per_character");

    /** The share of the steps' time that was spent waiting for data, as it is stored. */
    static final String WAITING = "waiting_share";

    /**
     * One run with what was measured.
     *
     * @param run the run
     * @param losses of each step's batch
     * @param heldOut held-out losses
     * @param measured what else was measured on held-out data, by name
     * @param waiting share of the steps' time that was spent waiting for data
     * @param origin what made its numbers
     * @param checkpoints the latest first
     */
    record Detail(
            RunRow run,
            List<Metric> losses,
            List<Metric> heldOut,
            Map<String, List<Metric>> measured,
            Optional<Double> waiting,
            RunOrigin origin,
            List<CheckpointRow> checkpoints) {}

    private RunView() {}

    static Map<String, Object> json(RunRow run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", run.id());
        json.put("name", run.name());
        json.put("objective", run.objective());
        json.put("state", run.state());
        json.put("step", run.step());
        json.put("totalSteps", run.totalSteps());
        json.put("firstLoss", run.firstLoss().orElse(null));
        json.put("lastLoss", run.lastLoss().orElse(null));
        json.put("backend", run.backend());
        json.put("backendVersion", run.backendVersion());
        json.put("dataSet", run.dataSet());
        json.put("output", run.output());
        json.put("message", run.message());
        json.put("startedAt", run.startedAt());
        json.put("endedAt", run.endedAt().orElse(null));
        json.put("config", MAPPER.readTree(run.config()));
        return json;
    }

    static Map<String, Object> json(Detail detail) {
        Map<String, Object> json = json(detail.run);
        json.put("losses", detail.losses);
        json.put("heldOutLosses", detail.heldOut);
        json.put("heldOutMetrics", detail.measured);
        json.put("waitingShare", detail.waiting.orElse(null));
        json.put("codeVersion", detail.origin.codeVersion());
        json.put("settingsDigest", detail.origin.settingsDigest());
        json.put("dataDigest", detail.origin.dataDigest());
        json.put("parameters", detail.origin.parameters());
        json.put("data", detail.origin.data());
        json.put("checkpoints", detail.checkpoints);
        return json;
    }

    static String table(List<RunRow> runs) {
        if (runs.isEmpty()) {
            return "there is no run yet; 'longspan train --help' says how to make one";
        }
        Table table =
                new Table(
                        "run",
                        "name",
                        "state",
                        "step",
                        "of",
                        "first loss",
                        "last loss",
                        "backend",
                        "last heard");
        runs.forEach(run ->
                table.row(
                        Long.toString(run.id()),
                        run.name(),
                        run.state().name(),
                        Long.toString(run.step()),
                        Long.toString(run.totalSteps()),
                        loss(run.firstLoss()),
                        loss(run.lastLoss()),
                        run.backend(),
                        heard(run.updatedAt())));
        return table.toString();
    }

    /** How long ago: a run that was killed stands as running until it is gone on with. */
    private static String heard(Instant at) {
        Duration ago = Duration.between(at, Instant.now());
        if (ago.toDays() > 1) {
            return ago.toDays() + " days ago";
        }
        return ago.toHours() > 1
                ? ago.toHours() + " h ago"
                : ago.toMinutes() > 1
                        ? ago.toMinutes() + " min ago"
                        : Math.max(0, ago.toSeconds()) + " s ago";
    }

    static String text(Detail detail) {
        RunRow run = detail.run;
        StringBuilder text = new StringBuilder();
        text.append(table(List.of(run)));
        text.append("\n\noutput     ").append(run.output());
        RunOrigin origin = detail.origin;
        if (origin.data().size() == 1) {
            text.append("\ndata       ").append(origin.data().getFirst().folder());
        } else {
            origin.data()
                    .forEach(data ->
                            text.append("\ndata       ")
                                    .append(data.name())
                                    .append(" x ")
                                    .append(data.weight())
                                    .append(": ")
                                    .append(data.folder()));
        }
        if (!origin.dataDigest().isEmpty()) {
            text.append("\n           digest ").append(shortened(origin.dataDigest()));
            text.append("\nmade by    longspan ")
                    .append(origin.codeVersion())
                    .append(String.format(Locale.ROOT, ", %,d weights", origin.parameters()))
                    .append(", settings ")
                    .append(shortened(origin.settingsDigest()));
        }
        detail.waiting.ifPresent(share ->
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%nwaiting    %.2f %% of the steps' time, for data",
                                100 * share)));
        if (!detail.losses.isEmpty()) {
            text.append("\nloss       ").append(curve(detail.losses));
        }
        if (!detail.heldOut.isEmpty()) {
            text.append("\nheld out   ").append(curve(detail.heldOut));
        }
        new TreeMap<>(detail.measured)
                .forEach((name, values) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "%n%-10s %s",
                                        name.replace("held_out_", ""),
                                        curve(values))));
        detail.checkpoints.forEach(c ->
                text.append("\ncheckpoint ")
                        .append(c.folder())
                        .append(" (step ")
                        .append(c.step())
                        .append(", ")
                        .append(c.digest(), 0, 12)
                        .append(
                                Files.isDirectory(Path.of(c.folder()))
                                        ? ")"
                                        : ", no longer here)"));
        if (!run.message().isEmpty()) {
            text.append("\nmessage    ").append(run.message());
        }
        return text.toString();
    }

    /** The losses of runs as a drawing, a colour for each run. */
    static String svg(List<Detail> details) {
        CurveSvg curves =
                new CurveSvg(
                        details.size() == 1
                                ? "run " + details.getFirst().run.id() + ": loss"
                                : "loss of " + details.size() + " runs");
        for (int i = 0; i < details.size(); i++) {
            Detail detail = details.get(i);
            String name = detail.run.id() + " " + detail.run.name();
            curves.add(name + ", of a step", i, false, points(detail.losses));
            curves.add(name + ", held out", i, true, points(detail.heldOut));
        }
        return curves.text();
    }

    private static List<CurveSvg.Point> points(List<Metric> metrics) {
        return metrics.stream().map(m -> new CurveSvg.Point(m.step(), m.value())).toList();
    }

    /** Settings that are not the same in all runs, each with its value per run. */
    static Map<String, List<String>> differing(List<RunRow> runs) {
        List<Map<String, String>> settings =
                runs.stream().map(run -> flat(MAPPER.readValue(run.config(), Map.class))).toList();
        TreeSet<String> keys = new TreeSet<>();
        settings.forEach(s -> keys.addAll(s.keySet()));
        Map<String, List<String>> differing = new TreeMap<>();
        for (String key : keys) {
            List<String> values = settings.stream().map(s -> s.getOrDefault(key, "-")).toList();
            if (values.stream().distinct().count() > 1) {
                differing.put(key, values);
            }
        }
        return differing;
    }

    static String comparison(List<RunRow> runs, Map<String, List<String>> differing) {
        if (differing.isEmpty()) {
            return table(runs) + "\n\ntheir settings are the same";
        }
        List<String> header = new ArrayList<>(List.of("setting"));
        runs.forEach(run -> header.add("run " + run.id()));
        Table table = new Table(header.toArray(String[]::new));
        differing.forEach((key, values) -> {
            List<String> cells = new ArrayList<>(List.of(key));
            cells.addAll(values);
            table.row(cells.toArray(String[]::new));
        });
        return table(runs) + "\n\n" + table;
    }

    private static Map<String, String> flat(Map<?, ?> config) {
        Map<String, String> flat = new TreeMap<>();
        config.forEach((key, value) -> flat.put(String.valueOf(key), String.valueOf(value)));
        return flat;
    }

    private static String shortened(String digest) {
        return digest.substring(0, Math.min(12, digest.length()));
    }

    private static String curve(List<Metric> metrics) {
        double[] values = metrics.stream().mapToDouble(Metric::value).toArray();
        return String.format(
                Locale.ROOT,
                "%.3f %s %.3f",
                values[0],
                Sparkline.of(values, 60),
                values[values.length - 1]);
    }

    private static String loss(Optional<Double> loss) {
        return loss.map(value -> String.format(Locale.ROOT, "%.3f", value)).orElse("-");
    }
}
