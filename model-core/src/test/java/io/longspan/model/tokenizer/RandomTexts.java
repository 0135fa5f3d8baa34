package io.longspan.model.tokenizer;

import java.util.Random;
import java.util.stream.Collectors;

/** Texts that look like prose in places and like noise in others. */
final class RandomTexts {
    private static final String[] WORDS = {
        "the",
        " Longformer",
        "'ll",
        "'S",
        "don't",
        " 1,024",
        "\n\n",
        "\t",
        "  ",
        " \n",
        "caf\u00e9",
        "...",
        "\"",
        "<s>x",
        "\u4e2d\u6587",
        "\u0441\u043b\u043e\u0432\u043e",
        "\uD83D\uDE80",
        "e\u0301",
        "\u00A0",
        "\u2009",
        "I\u0307",
        "_",
        "\u00bd",
        "\u2167"
    };

    private RandomTexts() {}

    static String text(Random random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            switch (random.nextInt(4)) {
                case 0 -> text.appendCodePoint(codePoint(random));
                case 1 -> text.append((char) (' ' + random.nextInt(95)));
                case 2 -> text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
                default -> text.append(WORDS[random.nextInt(WORDS.length)]);
            }
        }
        // Special tokens are the one thing that the two sides treat differently.
        return text.toString().replaceAll("</?[a-z]+>", "");
    }

    static String ofLetters(Random random, String letters, int length) {
        return random.ints(length, 0, letters.length())
                .mapToObj(i -> letters.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    /** A character that was assigned long ago: two libraries rarely know the same Unicode. */
    private static int codePoint(Random random) {
        int found;
        do {
            found =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x500);
                        case 1 -> random.nextInt(0x3100);
                        case 2 -> random.nextInt(0x10000);
                        default -> 0x10000 + random.nextInt(0x10000);
                    };
        } while (Character.getType(found) == Character.UNASSIGNED
                || Character.getType(found) == Character.SURROGATE);
        return found;
    }
}
