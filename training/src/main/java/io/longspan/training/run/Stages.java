package io.longspan.training.run;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.convert.ConversionTarget;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.training.config.TrainingConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs that follow each other, as the paper trains its character models: each begins with the model
 * of the one before, perhaps for longer texts and with wider windows. Every stage is a run of its
 * own in a folder {@code stage-1} and so on of the output; what is done is not done again.
 */
public final class Stages {
    /** The setting that lists them. */
    public static final String KEY = "stages";

    private static final String POSITIONS = "positions";
    private static final String WINDOW_FACTOR = "window_factor";

    private final List<Stage> all;

    private record Stage(TrainingConfig config, int positions, int windowFactor) {
        boolean converts() {
            return positions > 0 || windowFactor > 1;
        }
    }

    private Stages(List<Stage> all) {
        this.all = all;
    }

    /**
     * Reads stages and checks the settings of each.
     *
     * @param values settings of all stages, and under {@link #KEY} a list of those that differ;
     *     there {@code positions} and {@code window_factor} say what the model becomes before
     * @throws ModelInputException naming the stage and its setting that is not allowed
     */
    public static Stages parse(Map<String, Object> values) {
        if (!(values.get(KEY) instanceof List<?> listed) || listed.isEmpty()) {
            throw new ModelInputException(
                    "training setting 'stages' must be a list of settings, one entry per stage");
        }
        List<Stage> stages = new ArrayList<>();
        for (Object entry : listed) {
            int number = stages.size() + 1;
            if (!(entry instanceof Map<?, ?> own)) {
                throw new ModelInputException(
                        "stage " + number + " must hold settings by name, such as 'steps: 1000'");
            }
            Map<String, Object> settings = new TreeMap<>(values);
            settings.remove(KEY);
            own.forEach((key, value) -> settings.put(String.valueOf(key), value));
            int positions = whole(number, settings.remove(POSITIONS), POSITIONS, 0);
            int factor = whole(number, settings.remove(WINDOW_FACTOR), WINDOW_FACTOR, 1);
            if (number == 1 && (positions > 0 || factor > 1)) {
                throw new ModelInputException(
                        "stage 1 begins with the model as it is; convert that with 'longspan convert', or leave positions and window_factor out");
            }
            Path output = Path.of(String.valueOf(settings.get("output")));
            settings.put("output", output.resolve("stage-" + number).toString());
            if (number > 1) {
                settings.put("model", output.resolve("stage-" + number + "-model").toString());
            }
            try {
                stages.add(new Stage(TrainingConfig.parse(settings), positions, factor));
            } catch (ModelInputException e) {
                throw new ModelInputException("stage " + number + ": " + e.getMessage(), e);
            }
        }
        return new Stages(stages);
    }

    /** How many there are. */
    public int count() {
        return all.size();
    }

    /**
     * Runs them, or what is left of them.
     *
     * @param runner makes one run
     * @return the outcome of the last that was run; one that did not complete is the last
     */
    public TrainingOutcome run(Function<TrainingConfig, TrainingOutcome> runner) {
        TrainingOutcome outcome = runner.apply(all.getFirst().config());
        for (Stage stage : all.subList(1, all.size())) {
            Path best = outcome.best();
            Path from = best == null ? outcome.checkpoint() : best;
            if (outcome.state() != RunState.COMPLETED || from == null) {
                return outcome;
            }
            Path model = stage.config().model();
            if (!Files.isDirectory(model)) {
                convert(stage, from, model);
            }
            outcome = runner.apply(stage.config());
        }
        return outcome;
    }

    private static void convert(Stage stage, Path from, Path model) {
        LongformerConfig config = LongformerConfigJson.read(from.resolve("config.json"));
        List<Integer> windows = new ArrayList<>();
        for (LayerAttention layer :
                stage.converts() ? config.attention() : List.<LayerAttention>of()) {
            windows.add(2 * layer.left().getFirst() * stage.windowFactor());
        }
        LongformerConversion.convert(
                from,
                model,
                new ConversionTarget(
                        stage.positions() > 0 ? stage.positions() : config.usablePositions(),
                        windows),
                Progress.none(),
                folder -> {});
    }

    private static int whole(int stage, @Nullable Object value, String key, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer number && number >= 1) {
            return number;
        }
        throw new ModelInputException(
                "stage "
                        + stage
                        + ": '"
                        + key
                        + "' is "
                        + value
                        + "; it must be a whole number, 1 or more");
    }
}
