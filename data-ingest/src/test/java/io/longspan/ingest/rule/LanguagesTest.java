package io.longspan.ingest.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanguagesTest {
    @ParameterizedTest
    @CsvSource({
        "en, 'It was the best of times and it was the worst of times for all who had to live in them.'",
        "fr, 'Il y avait en Westphalie dans le ch\u00E2teau de M. le baron un jeune gar\u00E7on \u00E0 qui la nature avait donn\u00E9 les moeurs.'",
        "de, 'Als er eines Morgens aus unruhigen Tr\u00E4umen erwachte fand er sich in dem Bett und war zu einem Tier geworden das er nicht kannte.'",
        "es, 'En un lugar de la Mancha de cuyo nombre no quiero acordarme no ha mucho tiempo que viv\u00EDa un hidalgo de los de lanza.'",
        "it, 'Quel ramo del lago di Como che volge a mezzogiorno tra due catene non interrotte di monti tutto a seni con la riva di una fonte.'",
        "pt, 'Algum tempo hesitei se devia abrir as mem\u00F3rias pelo come\u00E7o ou pelo fim isto \u00E9 se poria em primeiro lugar o meu nascimento ou a morte.'",
        "nl, 'Ik ben makelaar in koffie en woon op de gracht in een huis dat niet van mij is maar van de bank en dat is al jaren zo.'"
    })
    void aSentenceHasItsLanguage(String language, String text) {
        assertThat(Languages.of(text)).isEqualTo(language);
        assertThat(Languages.of(text.toUpperCase(java.util.Locale.ROOT))).isEqualTo(language);
    }

    @Test
    void aBookIsJudgedByItsMiddle() throws IOException {
        Path books = Path.of("../demo/books");
        String alice = Files.readString(books.resolve("pg11_alice_in_wonderland.txt"));
        assertThat(Languages.of(alice)).isEqualTo("en");
        assertThat(Languages.of("le la les et un une ".repeat(100) + alice)).isEqualTo("en");
    }

    @Test
    void nineteenWordsAreTooFewAndTwentyAreEnough() {
        assertThat(Languages.of("the ".repeat(19))).isEqualTo(Languages.UNKNOWN);
        assertThat(Languages.of("the ".repeat(20))).isEqualTo("en");
    }

    @Test
    void fewerJoiningWordsThanProseHasAreNoLanguage() {
        assertThat(Languages.of("the the the " + "word ".repeat(17))).isEqualTo("en");
        assertThat(Languages.of("the the " + "word ".repeat(18))).isEqualTo(Languages.UNKNOWN);
        assertThat(Languages.of("")).isEqualTo(Languages.UNKNOWN);
        assertThat(Languages.of("\u732B".repeat(500))).isEqualTo(Languages.UNKNOWN);
    }
}
