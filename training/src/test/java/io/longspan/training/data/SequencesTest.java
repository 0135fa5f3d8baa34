package io.longspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.run.Tiny;
import io.longspan.training.run.TinyDocuments;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SequencesTest {
    private static final Cut BETWEEN_ENDS = new Cut(6, 2, false);

    /** Documents of 3, 0, 6, 13 and 1 tokens, the last token of each the end. */
    private static final TokenSource SET = TinyDocuments.of("five", 50, 3, 0, 6, 13, 1);

    @Test
    void aSequenceHasTokensOfOneDocumentAndNothingIsLost() {
        Sequences sequences = Sequences.of(List.of(SET), BETWEEN_ENDS, config(0, "documents"));
        assertThat(texts(sequences, 6))
                .containsExactlyInAnyOrder(
                        "[50, 51, 52]",
                        "[52, 53, 54, 55, 56, 57]",
                        "[53, 54, 55, 56, 57, 58]",
                        "[59, 60, 61, 62, 63, 64]",
                        "[65]",
                        "[54]");
        assertThat(IntStream.range(0, 6).map(sequences::length).sum()).isEqualTo(23 + 6 * 2);
    }

    @Test
    void theEndOfADocumentIsContentWhereItIsGuessed() {
        Sequences sequences =
                Sequences.of(List.of(SET), new Cut(7, 1, true), config(0, "documents"));
        assertThat(texts(sequences, 5))
                .containsExactlyInAnyOrder(
                        "[50, 51, 52, 2]",
                        "[52, 53, 54, 55, 56, 57, 2]",
                        "[53, 54, 55, 56, 57, 58, 59]",
                        "[60, 61, 62, 63, 64, 65, 2]",
                        "[54, 2]");
    }

    @Test
    void concatenatedSequencesCrossDocumentsAndAreAsLong() {
        Sequences sequences = Sequences.of(List.of(SET), BETWEEN_ENDS, config(0, "concatenated"));
        assertThat(texts(sequences, 4))
                .containsExactlyInAnyOrder(
                        "[50, 51, 52, 2, 2, 52]",
                        "[53, 54, 55, 56, 57, 2]",
                        "[53, 54, 55, 56, 57, 58]",
                        "[59, 60, 61, 62, 63, 64]");
    }

    @Test
    void everyDataSetHasEpochsAndHeldOutSequencesOfItsOwn() {
        TrainingConfig config = config(0.1, "documents", 3, 1);
        Sequences sequences =
                Sequences.of(
                        List.of(
                                TinyDocuments.of("a", 5, filled(60, 4)),
                                TinyDocuments.of("b", 50, filled(10, 6))),
                        BETWEEN_ENDS,
                        config);
        int[] held = sequences.heldOut(8);
        assertThat(held).hasSize(7); // of 6 and of 1
        int[] read = IntStream.range(0, 400).map(sequences::sample).toArray();
        assertThat(IntStream.of(read).distinct().count()).isEqualTo(54 + 9);
        assertThat(IntStream.of(read))
                .doesNotContainAnyElementsOf(IntStream.of(held).boxed().toList());
        for (String source : List.of("a", "b")) {
            int size = source.equals("a") ? 54 : 9;
            int[] own =
                    IntStream.of(read).filter(n -> sequences.source(n).equals(source)).toArray();
            int[] first = Arrays.copyOf(own, size);
            int[] second = Arrays.copyOfRange(own, size, 2 * size);
            assertThat(IntStream.of(first).distinct().count()).isEqualTo(size);
            assertThat(first).isNotEqualTo(second);
            assertThat(IntStream.of(first).sorted().toArray())
                    .isEqualTo(IntStream.of(second).sorted().toArray());
        }
    }

    @Test
    void theOnlyDataSetIsReadInTheOrderOfEarlierVersions() {
        Sequences sequences =
                Sequences.of(List.of(Tiny.data(3000)), BETWEEN_ENDS, config(0.1, "concatenated"));
        Blocks blocks = Blocks.of(500, 6, 0.1, 1);
        assertThat(IntStream.range(0, 900).map(sequences::sample))
                .containsExactly(
                        IntStream.range(0, 900)
                                .map(blocks::sample)
                                .boxed()
                                .toArray(Integer[]::new));
    }

    @Test
    void aDataSetThatCannotBeCutIsNamed() {
        assertThatThrownBy(() ->
                        Sequences.of(List.of(Tiny.data(30)), BETWEEN_ENDS, config(0, "documents")))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContainingAll("'packing'", "documents", "concatenated");
        assertThatThrownBy(() ->
                        Sequences.of(
                                List.of(SET, TinyDocuments.of("b", 5)),
                                BETWEEN_ENDS,
                                config(0, "documents", 1, 1)))
                .isInstanceOf(ModelInputException.class)
                .hasMessageStartingWith("'b'")
                .hasMessageContaining("0 sequences");
    }

    private static List<String> texts(Sequences sequences, int epoch) {
        return IntStream.range(0, epoch)
                .map(sequences::sample)
                .mapToObj(n -> Arrays.toString(sequences.tokens(n)))
                .toList();
    }

    private static int[] filled(int documents, int tokens) {
        int[] lengths = new int[documents];
        Arrays.fill(lengths, tokens);
        return lengths;
    }

    private static TrainingConfig config(double share, String packing, double... weights) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("model", "m");
        settings.put("output", "o");
        settings.put("steps", 1);
        settings.put("sequence_length", 8);
        settings.put("evaluation_share", share);
        settings.put("packing", packing);
        if (weights.length > 0) {
            settings.put(
                    "data",
                    IntStream.range(0, weights.length)
                            .mapToObj(s ->
                                    Map.of("path", List.of("a", "b").get(s), "weight", weights[s]))
                            .toList());
        }
        return TrainingConfig.parse(settings);
    }
}
