package io.longspan.serving.service;

import io.longspan.model.session.TextWindow;
import io.longspan.model.session.TokenizedText;
import java.util.ArrayList;
import java.util.List;

/**
 * A question as tokens.
 *
 * @param parts texts that run together, part by part; each part waits for a batch on its own
 * @param windows of the one text that was cut; none of a question that was not
 * @param truncated tokens that were cut off
 */
record Asked(List<List<TokenizedText>> parts, List<TextWindow> windows, int truncated) {
    /** Tokens of a part, about: small enough that others get their turns between two. */
    static final int PART_TOKENS = 4096;

    /** Most tokens of a question of many parts. */
    static final int MOST_TOKENS = 1 << 18;

    /** Copies the lists. */
    Asked {
        parts = List.copyOf(parts);
        windows = List.copyOf(windows);
    }

    /** Texts that belong together. */
    static Asked of(List<TokenizedText> texts) {
        return new Asked(List.of(texts), List.of(), 0);
    }

    /** Texts that may run apart. */
    static Asked apart(List<TokenizedText> texts) {
        return new Asked(grouped(texts), List.of(), 0);
    }

    /** A text that was cut into windows. */
    static Asked inWindows(List<TextWindow> windows) {
        return new Asked(grouped(windows.stream().map(TextWindow::text).toList()), windows, 0);
    }

    /** A text that lost its end. */
    static Asked truncated(TokenizedText text, int tokens) {
        return new Asked(List.of(List.of(text)), List.of(), tokens);
    }

    /** Whether it is one text in several windows. */
    boolean isCut() {
        return windows.size() > 1;
    }

    int tokens() {
        return parts.stream().mapToInt(Asked::tokens).sum();
    }

    static int tokens(List<TokenizedText> texts) {
        return texts.stream().mapToInt(TokenizedText::tokens).sum();
    }

    private static List<List<TokenizedText>> grouped(List<TokenizedText> texts) {
        List<List<TokenizedText>> parts = new ArrayList<>();
        List<TokenizedText> open = new ArrayList<>();
        for (TokenizedText text : texts) {
            if (!open.isEmpty() && tokens(open) + text.tokens() > PART_TOKENS) {
                parts.add(List.copyOf(open));
                open.clear();
            }
            open.add(text);
        }
        parts.add(List.copyOf(open));
        return parts;
    }
}
