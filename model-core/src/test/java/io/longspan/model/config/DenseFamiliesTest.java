package io.longspan.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of BERT and XLM-R, as transformers writes them. */
final class DenseFamiliesTest {
    private static final Path FAMILIES = Path.of("src/test/resources/conversion");

    @ParameterizedTest
    @CsvSource({"bert,BERT,0,24", "xlm-roberta,XLM_ROBERTA,2,24"})
    void positionsBeginWhereTheFamilyCountsFrom(
            String name, ModelType type, int first, int positions) {
        LongformerConfig config = read(name);
        assertThat(config.modelType()).isEqualTo(type);
        assertThat(config.firstPosition()).isEqualTo(first);
        assertThat(config.usablePositions()).isEqualTo(positions);
        assertThat(config.hasGlobalAttention()).isFalse();
        assertThat(config.pattern(0).left(0)).isEqualTo(positions - 1);
        assertThat(LongformerConfigJson.parse(LongformerConfigJson.text(config))).isEqualTo(config);
    }

    /** The file has null for them. */
    @Test
    void bertsSpecialTokensAreThoseOfItsPublishedVocabularies() {
        assertThat(read("bert").ids()).isEqualTo(new SpecialIds(0, 101, 102, 102));
        assertThatThrownBy(() -> read("bert").toBuilder().vocabSize(100).build())
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("bos_token_id is 101");
    }

    @Test
    void anXlmRWithWindowsIsALongformer() {
        String json = LongformerConfigJson.text(read("xlm-roberta"));
        String windowed = json.replaceFirst("\\{", "{\"attention_window\": 8,");
        assertThat(LongformerConfigJson.parse(windowed).modelType())
                .isEqualTo(ModelType.LONGFORMER);
    }

    private static LongformerConfig read(String name) {
        return LongformerConfigJson.read(FAMILIES.resolve(name).resolve("config.json"));
    }
}
