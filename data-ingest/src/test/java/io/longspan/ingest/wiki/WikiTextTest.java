package io.longspan.ingest.wiki;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WikiTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "'''Bold''' and ''italic'' ~ Bold and italic",
                "[[Target]], [[Target|label]]s, [[A#B|c]] ~ Target, labels, c",
                "[[:Category:Trees]] ~ Category:Trees",
                "a [[Category:Trees]] [[fr:Arbre]] b ~ a b",
                "[[File:x.jpg|thumb|A [[nested]] caption]]text ~ text",
                "{{Infobox|a={{b|c={{d}}}}}}text ~ text",
                "a {{{1|x}}} b ~ a b",
                "a{{b|}}{{c}} d ~ a d",
                "x<ref>{{cite}}</ref><ref name=a/> y<ref name=\"b\">z</ref>. ~ x y.",
                "a <!-- {{ --> b ~ a b",
                "E <math>x^{2}</math> is ~ E is",
                "[http://x.org label] [https://x.org] http://x.org ~ label http://x.org",
                "a<br/>b <span class=\"x\">c</span> ~ a|b c",
                "5&nbsp;km &ndash; &#8364; &amp;amp; &unknown; AT&T ~ 5 km – € &amp; &unknown; AT&T",
                "== Heading == ~ Heading",
                "__NOTOC__ a ~ a",
                "Born ( ; {{x}}) in ( , 1900) ~ Born in (1900)",
                "<nowiki>[[a]] {{b}} ''</nowiki> c ~ [[a]] {{b}} '' c",
                "a {{ not closed ~ a {{ not closed",
                "a }} b ]] c ~ a }} b ]] c",
                "[[a {{b]] c ~ [[a {{b]] c",
                "<ref>never closed ~ never closed",
                "1 < 2 and 3 > 2 ~ 1 < 2 and 3 > 2",
            })
    void markupGoesAndTextStays(String wikitext, String plain) {
        assertThat(WikiText.plain(wikitext)).isEqualTo(plain.replace("|b c", "\nb c"));
    }

    @Test
    void aPageKeepsItsParagraphsHeadingsAndItemsInOrder() {
        String page =
                """
                {{Use dmy dates}}
                '''Tree''' is a [[plant]].

                {| class="wikitable"
                |-
                ! A || B
                |-
                | {{x|y}} || 1
                {|
                | nested
                |}
                |}
                == Kinds ==
                * [[Oak]]
                *# Deep
                : Indented
                === Old ===
                Text.
                == See also ==
                * [[Bush]]
                === Part of it ===
                Gone.
                == References ==
                {{reflist}}
                == After ==
                Last.
                [[Category:Trees]]
                """;
        assertThat(WikiText.plain(page))
                .isEqualTo(
                        """
                        Tree is a plant.

                        Kinds

                        Oak
                        Deep
                        Indented

                        Old

                        Text.

                        After

                        Last.\
                        """);
    }

    @Test
    void timeGrowsWithThePageHoweverItIsBroken() {
        for (String piece :
                new String[] {
                    "{{",
                    "[[",
                    "{|\n",
                    "<ref>",
                    "<!--",
                    "''",
                    "[http://",
                    "==",
                    "&",
                    "( ",
                    "</",
                    "[http://a "
                }) {
            String page = piece.repeat(100_000);
            Assertions.assertThatCode(() ->
                            org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                                    Duration.ofSeconds(10), () -> WikiText.plain(page)))
                    .as(piece)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void noSequenceOfMarksMakesItFail() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "{{",
            "}}",
            "[[",
            "]]",
            "{|",
            "|}",
            "|",
            "\n",
            "'",
            "==",
            "<ref>",
            "</ref>",
            "<!--",
            "-->",
            "&#",
            "&lt;",
            ";",
            "[",
            "]",
            "http://a ",
            "File:",
            "a",
            " ",
            "<nowiki>",
            "</nowiki>",
            "{"
        };
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String plain = WikiText.plain(text.toString());
            assertThat(plain.length())
                    .as("seed %d: %s", seed, text)
                    .isLessThanOrEqualTo(text.length() + 40);
        }
    }
}
