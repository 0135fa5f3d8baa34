package io.longspan.training.example;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.tokenizer.CodePointIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads questions in the JSON format of SQuAD, versions 1.1 and 2: articles of {@code data} with
 * {@code paragraphs}, those with a {@code context} and {@code qas}. {@code answer_start} counts
 * code points, as Python counts characters.
 */
final class SquadFile {
    private static final long LARGEST = 1L << 30;

    private final Path file;
    private final boolean noAnswer;
    private final List<Question> questions = new ArrayList<>();

    private SquadFile(Path file, boolean noAnswer) {
        this.file = file;
        this.noAnswer = noAnswer;
    }

    /**
     * Reads a file whole.
     *
     * @param noAnswer whether questions without an answer are allowed
     * @throws ModelInputException naming the question that is not as it should be
     */
    static List<Question> read(Path file, boolean noAnswer) {
        SquadFile reading = new SquadFile(file, noAnswer);
        try {
            for (JsonNode article : InputJson.object(InputFiles.read(file, LARGEST)).path("data")) {
                for (JsonNode paragraph : article.path("paragraphs")) {
                    reading.paragraph(paragraph);
                }
            }
        } catch (ModelInputException e) {
            throw String.valueOf(e.getMessage()).contains(file.toString()) ? e : e.in(file);
        }
        if (reading.questions.isEmpty()) {
            throw new ModelInputException(
                    "'"
                            + file
                            + "' holds no question; it must be in SQuAD's format: data, paragraphs, context, qas");
        }
        return reading.questions;
    }

    private void paragraph(JsonNode paragraph) {
        JsonNode context = paragraph.path("context");
        for (JsonNode qa : paragraph.path("qas")) {
            String id = qa.path("id").asString("");
            if (!context.isString() || !qa.path("question").isString()) {
                throw Question.refusal(
                        file, id, "has no text or no context; give both as texts in quotes");
            }
            questions.add(question(id, context.asString(), qa));
        }
    }

    private Question question(String id, String document, JsonNode qa) {
        CodePointIndex positions = CodePointIndex.of(document);
        int length = document.codePointCount(0, document.length());
        List<Question.Answer> answers = new ArrayList<>();
        boolean impossible = qa.path("is_impossible").asBoolean(false);
        for (JsonNode node :
                impossible ? InputJson.mapper().createArrayNode() : qa.path("answers")) {
            Question.Answer answer =
                    new Question.Answer(
                            node.path("text").asString(""), node.path("answer_start").asInt(-1));
            boolean there =
                    answer.start() >= 0
                            && !answer.text().isEmpty()
                            && answer.end() <= length
                            && document.startsWith(
                                    answer.text(), positions.position(answer.start()));
            if (!there) {
                throw Question.refusal(
                        file,
                        id,
                        "has the answer "
                                + Quoted.of(answer.text())
                                + " at "
                                + answer.start()
                                + ", where the context says something else; answer_start counts code points from 0");
            }
            answers.add(answer);
        }
        if (answers.isEmpty() && !noAnswer) {
            throw Question.refusal(
                    file, id, "has no answer; set no_answer: true to learn that too, or remove it");
        }
        return new Question(file, id, document, qa.path("question").asString(), answers);
    }
}
