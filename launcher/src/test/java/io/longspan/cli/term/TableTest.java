package io.longspan.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void wordsStandLeftAndNumbersRight() {
        Table table = new Table("name", "size").row("a", "5").row("long name", "1234 ms");
        assertThat(table.toString().lines())
                .containsExactly("name          size", "a                5", "long name  1234 ms");
    }
}
