package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.golden.GoldenComparison;
import io.longspan.model.golden.GoldenNumber;
import io.longspan.model.golden.GoldenQuantity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VerifyGoldenTest {
    @Test
    void modelThatIsNotThePublishedOneIsRefusedByItsSize() {
        Cli run = Cli.run("inspect", Cli.FIXTURES.resolve("masked-lm"), "--verify-golden");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("vocab_size is 503 and that of longformer-base-4096 is 50265");
    }

    @Test
    void everyNumberStandsBesideTheExpectedOne() {
        GoldenNumber tail = new GoldenNumber(GoldenQuantity.FIRST_STATE, 763, 0.0549, 1.5e-4);
        GoldenNumber loss = new GoldenNumber(GoldenQuantity.LOSS, 0, 0.0074, 1e-4);
        GoldenView view =
                new GoldenView(
                        Path.of("model"),
                        "loop",
                        List.of(
                                new GoldenComparison("6 tokens", tail, 0.05491),
                                new GoldenComparison("4,002 tokens", loss, 10.81)),
                        true);
        assertThat(view.text())
                .contains("first state, value 763")
                .containsPattern("0\\.05490000 +0\\.05491000 +0\\.00015 ok")
                .containsPattern("0\\.007400000 +10\\.81000 +0\\.00010 DIFFERS")
                .contains("failed: 1 of 2 numbers differ");
        assertThat(view.json()).containsEntry("passed", false);
        GoldenView good =
                new GoldenView(
                        Path.of("model"),
                        "loop",
                        List.of(new GoldenComparison("6 tokens", tail, 0.055)),
                        false);
        assertThat(good.text())
                .contains("not checked: the checkpoint has no language-model head")
                .contains("passed: all 1 numbers");
        assertThat(good.json()).containsEntry("passed", true).containsEntry("head_checked", false);
    }
}
