package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The twin of the paper's staged character model, as recipes/char-lm-tiny.yaml has it. */
final class StagesTest {
    @TempDir Path folder;

    @Test
    void lengthAndWindowsDoubleAndWhatIsDoneIsNotDoneAgain() {
        Stages stages =
                Stages.parse(settings(List.of(stage(6, 64, 4e-3), longer(4, 128, 2e-3), longer(4, 256, 1e-3))));
        assertThat(stages.count()).isEqualTo(3);
        List<RecordedLog> logs = new ArrayList<>();
        TrainingOutcome last = run(stages, logs);
        assertThat(last.state()).isEqualTo(RunState.COMPLETED);
        assertThat(logs).hasSize(3);
        assertThat(logs.get(0).losses).hasSize(6);
        assertThat(logs.get(2).losses).hasSize(4);
        LongformerConfig begun = LongformerConfigJson.read(folder.resolve("model/config.json"));
        LongformerConfig ended =
                LongformerConfigJson.read(last.checkpoint().resolve("config.json"));
        assertThat(ended.usablePositions()).isEqualTo(4 * begun.usablePositions());
        assertThat(ended.causal()).isTrue();
        for (int layer = 0; layer < begun.layers(); layer++) {
            assertThat(ended.attention().get(layer).left())
                    .containsOnly(4 * begun.attention().get(layer).left().getFirst());
            assertThat(ended.attention().get(layer).dilations())
                    .isEqualTo(begun.attention().get(layer).dilations());
        }
        List<RecordedLog> again = new ArrayList<>();
        assertThat(run(stages, again).checkpoint()).isEqualTo(last.checkpoint());
        assertThat(again).allSatisfy(log -> assertThat(log.losses).isEmpty());
    }

    @Test
    void aStageThatIsNotAllowedIsNamedBeforeAnythingRuns() {
        assertThatThrownBy(() -> Stages.parse(settings(List.of(stage(6, 64, 4e-3), stage(6, 128, -1)))))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContainingAll("stage 2", "'learning_rate'");
        assertThatThrownBy(() -> Stages.parse(settings(List.of(longer(6, 64, 4e-3)))))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("stage 1 begins with the model as it is");
        assertThatThrownBy(() -> Stages.parse(Map.of("stages", "two")))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("must be a list");
    }

    private TrainingOutcome run(Stages stages, List<RecordedLog> logs) {
        return stages.run(config -> {
            RecordedLog log = new RecordedLog();
            logs.add(log);
            return Tiny.run(new HashMap<>(config.settings()), Tiny.data(6000), log, "fused");
        });
    }

    private Map<String, Object> settings(List<Map<String, Object>> stages) {
        Path model = folder.resolve("model");
        if (!model.toFile().exists()) {
            RandomCheckpoint.write(Presets.get("char-lm-tiny"), 3, model, null, Progress.none());
        }
        Map<String, Object> settings = new HashMap<>();
        settings.put("objective", "causal-lm");
        settings.put("model", model.toString());
        settings.put("output", folder.resolve("run").toString());
        settings.put("hidden_dropout", 0);
        settings.put("evaluation_blocks", 2);
        settings.put("stages", stages);
        return settings;
    }

    private static Map<String, Object> stage(int steps, int length, double rate) {
        Map<String, Object> stage = new HashMap<>();
        stage.put("steps", steps);
        stage.put("sequence_length", length);
        stage.put("tokens_per_step", 256);
        stage.put("learning_rate", rate);
        return stage;
    }

    private static Map<String, Object> longer(int steps, int length, double rate) {
        Map<String, Object> stage = stage(steps, length, rate);
        stage.put("positions", length);
        stage.put("window_factor", 2);
        return stage;
    }
}
