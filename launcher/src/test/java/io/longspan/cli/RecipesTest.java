package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.training.config.TrainingConfig;
import io.longspan.training.run.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RecipesTest {
    @Test
    void everyRecipeIsAllowedAndEveryDoubledStageHalvesTheRate() throws IOException {
        List<Path> recipes;
        try (Stream<Path> files = Files.walk(Path.of("../recipes"))) {
            recipes = files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
        assertThat(recipes).hasSizeGreaterThan(5);
        int staged = 0;
        for (Path recipe : recipes) {
            Map<String, Object> settings = TrainingFile.read(recipe);
            if (!settings.containsKey(Stages.KEY)) {
                assertThat(TrainingConfig.parse(settings).settings()).as("%s", recipe).isNotEmpty();
                continue;
            }
            staged++;
            assertThat(Stages.parse(settings).count()).as("%s", recipe).isGreaterThan(1);
            double before = Double.NaN;
            for (Object stage : (List<?>) settings.get(Stages.KEY)) {
                double rate =
                        Double.parseDouble(((Map<?, ?>) stage).get("learning_rate").toString());
                assertThat(Double.isNaN(before) || rate == before / 2).as("%s", recipe).isTrue();
                before = rate;
            }
        }
        assertThat(staged).isEqualTo(2);
    }
}
