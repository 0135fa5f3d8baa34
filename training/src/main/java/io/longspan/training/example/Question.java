package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import java.util.List;

/**
 * A question about a document.
 *
 * @param file it stands in
 * @param id its name there
 * @param document that is searched; questions about one share the text
 * @param text of the question
 * @param answers all that count as right; empty where the document holds none
 */
record Question(Path file, String id, String document, String text, List<Answer> answers) {
    /**
     * An answer.
     *
     * @param text as it stands in the document
     * @param start its first code point there
     */
    record Answer(String text, int start) {
        /** The code point after its last. */
        int end() {
            return start + text.codePointCount(0, text.length());
        }
    }

    Question {
        answers = List.copyOf(answers);
    }

    ModelInputException refusal(String why) {
        return refusal(file, id, why);
    }

    static ModelInputException refusal(Path file, String id, String why) {
        return new ModelInputException("question '" + id + "' of '" + file + "' " + why);
    }
}
