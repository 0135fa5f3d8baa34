package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.Feature;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.Answer;
import io.longspan.attention.testkit.run.GradientAnswer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Scores that leave the range of exp. Their values are the oracle's business; these are laws. */
interface NumericsContract extends ContractTopic {
    @TestFactory
    default Stream<DynamicTest> steepAndOffsetScoresStayFinite() {
        return subject()
                .each(
                        c -> c.inputs().exactScores(),
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            requireFinite(subject().driver().forward(c, tensors, false).output());
                            if (subject().declares(Feature.GRADIENTS)) {
                                GradientAnswer answer = subject().driver().gradients(c, tensors);
                                requireFinite(answer.query());
                                requireFinite(answer.key());
                                requireFinite(answer.value());
                            }
                        });
    }

    /** Both sets of scores are exact in float32, so the probabilities are the same. */
    @TestFactory
    default Stream<DynamicTest> aNumberCommonToAllScoresOfARowDoesNotMatter() {
        return subject()
                .each(
                        c -> c.inputs().commonOffset(),
                        c -> {
                            Answer offset = subject().driver().forward(c, c.tensors(), false);
                            Answer plain = subject().driver().forward(c, withoutOffset(c), false);
                            new CaseCheck(c, subject())
                                    .rows("output")
                                    .near(
                                            subject().tolerances().output(),
                                            offset.output(),
                                            Widen.all(plain.output()));
                        });
    }

    private static AttentionTensors withoutOffset(AttentionCase asked) {
        AttentionTensors tensors = asked.tensors();
        for (int i = 0; i < tensors.key().length; i += asked.headSize()) {
            tensors.key()[i] = 0;
        }
        return tensors;
    }

    private static void requireFinite(float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            assertThat(numbers[i]).as("element %d", i).isFinite();
        }
    }
}
