package io.longspan.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrintableTest {
    @Test
    void controlCharactersDoNothingToATerminal() {
        assertThat(Printable.quoted("a\nb\t\u001b[31mc")).isEqualTo("'a\\nb\\t\\u001b[31mc'");
    }

    @Test
    void otherTextStaysAsItIs() {
        assertThat(Printable.quoted(" King’s 𝄞")).isEqualTo("' King’s 𝄞'");
    }
}
