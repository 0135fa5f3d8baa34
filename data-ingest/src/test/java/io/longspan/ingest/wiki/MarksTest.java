package io.longspan.ingest.wiki;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What looks for first characters against patterns that are tried everywhere. */
final class MarksTest {
    private static final String[] PIECES = {
        "<", ">", "<b>", "</b>", "<br>", "<BR />", "''", "'", "'''''", "_", "__", "__TOC__", " ",
        "  ", "\t", "\u00A0", ",", ".", ";", "a", "word", "\n", "\n\n", "\r", "\u0085", "\u2028",
        "(", ")"
    };

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        return seed;
    }

    @Test
    void matchesAreThoseOfThePatternAlone() {
        long seed = seed();
        Random random = new Random(seed);
        String[][] patterns = {
            {"<", "</?[a-zA-Z][^<>]*+>"},
            {"''", "'{2,}+"},
            {"__", "__[A-Z]{3,30}__"},
            {"\n\n\n", "\n{3,}+"},
            {"(", "\\((?<=a\\()\\)?"},
            {"<", "<(b|br)\\b[^<>]*+>$"}
        };
        int changed = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = text(random);
            for (String[] pattern : patterns) {
                Marks marks = new Marks(pattern[0], pattern[1], 0);
                String wanted = Pattern.compile(pattern[1]).matcher(text).replaceAll("-");
                assertThat(marks.replaced(text, _ -> "-"))
                        .as("seed %d, %s", seed, pattern[1])
                        .isEqualTo(wanted);
                assertThat(marks.in(text)).isEqualTo(!wanted.equals(text));
                changed += wanted.equals(text) ? 0 : 1;
            }
        }
        assertThat(changed).isGreaterThan(10_000);
    }

    @Test
    void blanksAreThoseOfThePatterns() {
        long seed = seed();
        Random random = new Random(seed);
        Pattern several = Pattern.compile("[ \\t\u00A0]{2,}+");
        Pattern hung = Pattern.compile("[ \\t]++([,.;])(?=\\s|$)");
        for (int i = 0; i < 50_000; i++) {
            String text = text(random);
            String wanted = hung.matcher(several.matcher(text).replaceAll(" ")).replaceAll("$1");
            assertThat(Blanks.single(text)).as("seed %d, '%s'", seed, text).isEqualTo(wanted);
        }
    }

    /** A group that a failed attempt has filled says nothing about the next link. */
    @Test
    void aLinkWithoutLabelTakesNoneFromAnother() {
        assertThat(WikiText.plain("[//x some label\nend [//y]")).isEqualTo("[//x some label\nend");
    }
}
