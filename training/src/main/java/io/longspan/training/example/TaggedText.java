package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import java.util.List;

/**
 * A text with tags.
 *
 * @param file it stands in
 * @param line counted from 1
 * @param text as it is read
 * @param spans in order, counted in code points of the text, none overlapping
 * @param words whether the spans are the words of the text, each with a tag of its own; the tokens
 *     outside have none. Otherwise they are names in the text, and the tokens outside are tagged O
 */
record TaggedText(Path file, int line, String text, List<Span> spans, boolean words) {
    /**
     * A part of the text.
     *
     * @param start first code point
     * @param end the one after the last
     * @param tag of a word, or the kind of a name
     */
    record Span(int start, int end, String tag) {}

    TaggedText {
        spans = List.copyOf(spans);
    }

    ModelInputException refusal(String why) {
        return Example.refusal(file, line, why);
    }
}
