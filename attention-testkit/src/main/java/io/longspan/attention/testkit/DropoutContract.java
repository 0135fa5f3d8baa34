package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.Feature;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.cases.DropoutGolden;
import io.longspan.attention.testkit.run.Tolerance;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Dropout is a function of seed, step, layer, sample and position: these very bits. */
interface DropoutContract extends ContractTopic {
    /**
     * Queries of zero give every key the probability 1 / length, and values that are one-hot in a
     * block of keys show which of these were dropped.
     */
    @Test
    default void droppedProbabilitiesAreExactlyThoseOfThePublishedMasks() {
        subject().assumeDeclared(Feature.DROPOUT);
        AttentionCase asked = subject().assumeCovered(goldenCase());
        int length = DropoutGolden.LENGTH;
        for (int firstKey = 0; firstKey < length; firstKey += asked.headSize()) {
            float[] output =
                    subject().driver().forward(asked, probe(asked, firstKey), false).output();
            for (int i = 0; i < output.length; i++) {
                int key = firstKey + i % asked.headSize();
                if (key >= length) {
                    continue;
                }
                int head = i / asked.headSize() % asked.pattern().heads();
                int token = i / asked.rowWidth();
                int sequence = token / length;
                int row = token % length;
                double expected =
                        DropoutGolden.drops(sequence, head, row, key)
                                ? 0
                                : DropoutGolden.KEPT / length;
                assertThat((double) output[i])
                        .as(
                                "probability after dropout of sequence %d, head %d, row %d, key %d",
                                sequence, head, row, key)
                        .isCloseTo(expected, within(expected == 0 ? 0 : 1e-6));
            }
        }
    }

    @Test
    default void aSampleKeepsItsMaskInAnotherSlotOfTheBatch() {
        subject().assumeDeclared(Feature.DROPOUT);
        AttentionCase asked = subject().assumeCovered(goldenCase());
        int half = DropoutGolden.LENGTH * asked.rowWidth();
        AttentionTensors tensors = asked.tensors();
        AttentionTensors swapped = asked.tensors();
        for (float[] numbers : new float[][] {swapped.query(), swapped.key(), swapped.value()}) {
            float[] first = Arrays.copyOf(numbers, half);
            System.arraycopy(numbers, half, numbers, 0, half);
            System.arraycopy(first, 0, numbers, half, half);
        }
        AttentionDropout dropout = DropoutGolden.dropout();
        AttentionCase other =
                asked.with(
                        "samples swapped",
                        asked.layout(),
                        QueryRows.all(),
                        new AttentionDropout(
                                dropout.seed(),
                                dropout.step(),
                                dropout.layer(),
                                dropout.sampleIds().reversed()));
        float[] before = subject().driver().forward(asked, tensors, false).output();
        float[] after = subject().driver().forward(other, swapped, false).output();
        float[] back = new float[before.length];
        System.arraycopy(after, half, back, 0, half);
        System.arraycopy(after, 0, back, half, half);
        new CaseCheck(asked, subject())
                .rows("output in another slot")
                .near(subject().tolerances().output(), back, Widen.all(before));
    }

    @Test
    default void noDropoutInTheCallDropsNothing() {
        subject().assumeDeclared(Feature.DROPOUT);
        AttentionCase asked = subject().assumeCovered(goldenCase());
        AttentionCase inference = asked.with("inference", asked.layout(), QueryRows.all(), null);
        float[] output = subject().driver().forward(inference, probe(asked, 0), false).output();
        double[] expected = new double[output.length];
        Arrays.fill(expected, 1.0 / DropoutGolden.LENGTH);
        new CaseCheck(inference, subject())
                .rows("probability")
                .where(i -> i % asked.headSize() < DropoutGolden.LENGTH)
                .near(new Tolerance(1e-6, 0), output, expected);
    }

    private AttentionCase goldenCase() {
        int length = DropoutGolden.LENGTH;
        return new PlainCases(subject())
                .of(
                        "published dropout masks",
                        SequenceLayout.allLocal(length, length),
                        p -> p.reach(length, length).dropout(DropoutGolden.RATE))
                .with(
                        "golden",
                        SequenceLayout.allLocal(length, length),
                        QueryRows.all(),
                        DropoutGolden.dropout());
    }

    private static AttentionTensors probe(AttentionCase asked, int firstKey) {
        AttentionTensors tensors = asked.tensors();
        Arrays.fill(tensors.query(), 0);
        Arrays.fill(tensors.value(), 0);
        for (int token = 0; token < asked.layout().tokens(); token++) {
            int component = token % DropoutGolden.LENGTH - firstKey;
            if (component < 0 || component >= asked.headSize()) {
                continue;
            }
            for (int h = 0; h < asked.pattern().heads(); h++) {
                int at = (token * asked.pattern().heads() + h) * asked.headSize();
                tensors.value()[at + component] = 1;
            }
        }
        return tensors;
    }
}
