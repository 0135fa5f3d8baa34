package io.longspan.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.InputFormat;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.Presets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are global, on {@code <s> 5 6 </s></s> 7 8 </s>} and {@code <s> 9 </s> 5}. */
final class TaskSetupTest {
    private static final LongformerConfig CONFIG = Presets.get("tiny");
    private static final long[] IDS = {0, 5, 6, 2, 2, 7, 8, 2, 0, 9, 2, 5};
    private static final SequenceLayout LAYOUT = SequenceLayout.allLocal(8, 4);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none|",
                "first-token|0,8",
                "before-first-separator|0,1,2,8,9",
                "second-segment|5,6,7",
                "1,7|1,7,9"
            })
    void aRuleMarksItsTokens(String rule, String expected) {
        int[] globals = setup(GlobalPolicy.parse(rule)).withGlobals(IDS, LAYOUT).globals();
        assertThat(globals)
                .containsExactly(
                        expected == null
                                ? new int[0]
                                : List.of(expected.split(",")).stream()
                                        .mapToInt(Integer::parseInt)
                                        .toArray());
    }

    @Test
    void theSecondSegmentBeginsAfterAsManySeparatorsAsPairsHave() {
        LongformerConfig single = CONFIG.toBuilder().inputFormat(new InputFormat(null, 1)).build();
        SequenceLayout marked =
                TaskSetup.of(single, Task.MULTIPLE_CHOICE, 1)
                        .withGlobals(new long[] {0, 5, 2, 7, 8, 2}, SequenceLayout.allLocal(6));
        assertThat(marked.globals()).containsExactly(3, 4, 5);
    }

    @Test
    void maskedTokensAreNeverGlobal() {
        byte[] roles = LAYOUT.roles();
        roles[0] = TokenRole.MASKED.code();
        roles[7] = TokenRole.MASKED.code();
        SequenceLayout masked = SequenceLayout.of(LAYOUT.starts(), roles);
        assertThat(setup(GlobalPolicy.Named.FIRST_TOKEN).withGlobals(IDS, masked).globals())
                .containsExactly(8);
        assertThat(setup(GlobalPolicy.Named.SECOND_SEGMENT).withGlobals(IDS, masked).globals())
                .containsExactly(5, 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before-first-separator", "second-segment"})
    void aRowWithoutASeparatorIsNamed(String rule) {
        long[] ids = {0, 5, 2, 0, 5, 6};
        assertThatThrownBy(() ->
                        setup(GlobalPolicy.parse(rule))
                                .withGlobals(ids, SequenceLayout.allLocal(3, 3)))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("row 1 holds no separator (id 2)");
    }

    @ParameterizedTest
    @CsvSource({
        "ENCODER, none",
        "MASKED_LM, none",
        "TOKEN_CLASSIFICATION, none",
        "SEQUENCE_CLASSIFICATION, first-token",
        "QUESTION_ANSWERING, before-first-separator",
        "MULTIPLE_CHOICE, second-segment"
    })
    void theTaskDecidesWhereTheCheckpointIsSilent(Task task, String rule) {
        assertThat(TaskSetup.of(CONFIG, task, 2).globals().key()).isEqualTo(rule);
        assertThat(TaskSetup.of(Presets.get("roberta-tiny"), task, 2).globals())
                .isEqualTo(GlobalPolicy.Named.NONE);
    }

    @Test
    void aStoredRuleIsReadBackAndWins() {
        for (String rule : List.of("none", "second-segment", "0,4,9")) {
            InputFormat format = new InputFormat(GlobalPolicy.parse(rule), 1);
            LongformerConfig stored =
                    LongformerConfigJson.parse(
                            LongformerConfigJson.text(
                                    CONFIG.toBuilder().inputFormat(format).build()));
            assertThat(stored.inputFormat()).isEqualTo(format);
            assertThat(stored.extra()).isEqualTo(CONFIG.extra());
            assertThat(TaskSetup.of(stored, Task.QUESTION_ANSWERING, 2).globals().key())
                    .isEqualTo(rule);
        }
        assertThat(LongformerConfigJson.text(CONFIG))
                .doesNotContain("global_tokens", "pair_separators");
    }

    @Test
    void rulesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> GlobalPolicy.parse("first"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'first'")
                .hasMessageContaining("before-first-separator");
        assertThatThrownBy(() -> GlobalPolicy.parse("4,4"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> new InputFormat(null, 3))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("pair_separators is 3");
        assertThatThrownBy(() ->
                        TaskSetup.of(Presets.get("roberta-tiny"), Task.MASKED_LM, 2)
                                .withGlobals(GlobalPolicy.Named.FIRST_TOKEN))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("longspan convert");
        String json =
                LongformerConfigJson.text(Presets.get("roberta-tiny"))
                        .replaceFirst("\\{", "{\"global_tokens\": \"first-token\",");
        assertThatThrownBy(() -> LongformerConfigJson.parse(json))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("global_tokens is first-token");
    }

    private static TaskSetup setup(GlobalPolicy policy) {
        return TaskSetup.of(CONFIG, Task.ENCODER, 0).withGlobals(policy);
    }
}
