package io.longspan.model.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.config.Presets;
import io.longspan.model.head.TaskSetup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchTensorsTest {
    private static final LongformerConfig CONFIG =
            new LongformerConfigBuilder(ModelType.LONGFORMER)
                    .vocabSize(20)
                    .hiddenSize(4)
                    .layers(1)
                    .heads(1)
                    .intermediateSize(4)
                    .maxPositionEmbeddings(8)
                    .window(2)
                    .build();

    @TempDir Path folder;

    @Test
    void rolesFollowFromBothMasksAndMaskedWins() {
        BatchTensors batch =
                read(
                        tensor("input_ids", 1, 4, 5, 6, 7, 8),
                        tensor("attention_mask", 1, 4, 1, 1, 0, 0),
                        tensor("global_attention_mask", 1, 4, 1, 0, 1, 0));
        assertThat(roles(batch))
                .containsExactly(
                        TokenRole.GLOBAL, TokenRole.LOCAL, TokenRole.MASKED, TokenRole.MASKED);
    }

    @Test
    void theOriginalMaskOfThreeValuesIsUnderstood() {
        BatchTensors batch =
                read(tensor("input_ids", 1, 3, 5, 6, 7), tensor("attention_mask", 1, 3, 2, 1, 0));
        assertThat(roles(batch))
                .containsExactly(TokenRole.GLOBAL, TokenRole.LOCAL, TokenRole.MASKED);
    }

    @Test
    void withoutMasksEveryTokenIsLocalPadsToo() {
        BatchTensors batch = read(tensor("input_ids", 2, 2, 5, 1, 7, 8));
        assertThat(roles(batch)).containsOnly(TokenRole.LOCAL);
        assertThat(batch.tokens().positions()).containsExactly(2, 1, 2, 3);
    }

    @Test
    void positionsAndTypesGivenByTheCallerAreUsedAsTheyAre() {
        BatchTensors batch =
                read(tensor("input_ids", 1, 2, 5, 6), tensor("position_ids", 1, 2, 7, 0));
        assertThat(batch.tokens().positions()).containsExactly(7, 0);
    }

    @Test
    void positionsGivenByTheCallerAloneDecideTheLength() {
        BatchTensors batch =
                read(
                        tensor("input_ids", 1, 9, 5, 5, 5, 5, 5, 5, 5, 5, 5),
                        tensor("position_ids", 1, 9, 3, 3, 3, 3, 3, 3, 3, 3, 3));
        assertThat(batch.tokens().positions()).containsOnly(3);
    }

    @Test
    void badTensorsAreRefusedByNameAndValue() {
        refused("token id 20 at token 1 of sequence 1", tensor("input_ids", 2, 2, 0, 1, 2, 20));
        refused("token id -1", tensor("input_ids", 1, 1, -1));
        refused("reads up to 6 tokens", tensor("input_ids", 1, 7, 5, 5, 5, 5, 5, 5, 5));
        refused(
                "must have the shape of input_ids",
                tensor("input_ids", 1, 2, 5, 6),
                tensor("attention_mask", 2, 1, 1, 1));
        refused(
                "'attention_mask' holds 3",
                tensor("input_ids", 1, 1, 5),
                tensor("attention_mask", 1, 1, 3));
        refused(
                "'attention_mask' holds 2; allowed are 0 to 1",
                tensor("input_ids", 1, 1, 5),
                tensor("attention_mask", 1, 1, 2),
                tensor("global_attention_mask", 1, 1, 0));
        refused("holds a tensor 'inputs'", tensor("input_ids", 1, 1, 5), tensor("inputs", 1, 1, 1));
        refused("token type 1", tensor("input_ids", 1, 1, 5), tensor("token_type_ids", 1, 1, 1));
        refused(
                "the label of token 0 of row 0 is 99; allowed are 0 to 19",
                tensor("input_ids", 1, 1, 5),
                tensor("labels", 1, 1, 99));
        refused("must be [batch, length]", OutgoingTensor.of("input_ids", new long[] {5, 5}, 2));
        refused("no tensor 'input_ids'", tensor("attention_mask", 1, 1, 1));
    }

    @Test
    void aRobertaHasNoGlobalTokens() {
        List<OutgoingTensor> tensors =
                List.of(
                        tensor("input_ids", 1, 2, 5, 6),
                        tensor("global_attention_mask", 1, 2, 1, 0));
        assertThatThrownBy(() -> read(Presets.get("roberta-tiny"), tensors))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("token 0 of sequence 0 is global")
                .hasMessageContaining("longspan convert");
    }

    private void refused(String expected, OutgoingTensor... tensors) {
        assertThatThrownBy(() -> read(tensors))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(expected);
    }

    private BatchTensors read(OutgoingTensor... tensors) {
        return read(CONFIG, List.of(tensors));
    }

    private BatchTensors read(LongformerConfig config, List<OutgoingTensor> tensors) {
        Path file = folder.resolve("in.safetensors");
        SafetensorsWriter.write(file, tensors);
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            return BatchTensors.read(
                    source, TaskSetup.of(config, Task.MASKED_LM, config.vocabSize()));
        }
    }

    private static OutgoingTensor tensor(String name, int rows, int columns, long... values) {
        return OutgoingTensor.of(name, values, rows, columns);
    }

    private static List<TokenRole> roles(BatchTensors batch) {
        List<TokenRole> roles = new ArrayList<>();
        for (int t = 0; t < batch.tokens().layout().tokens(); t++) {
            roles.add(batch.tokens().layout().role(t));
        }
        return roles;
    }
}
