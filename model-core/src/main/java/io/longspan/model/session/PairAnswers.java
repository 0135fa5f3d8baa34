package io.longspan.model.session;

import io.longspan.model.checkpoint.Task;
import io.longspan.model.head.TaskHead;
import io.longspan.model.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Answers questions from documents, and chooses among continuations. */
final class PairAnswers {
    private final ModelRun run;

    PairAnswers(ModelRun run) {
        this.run = run;
    }

    List<List<Answer>> answer(List<TokenizedText> pairs, AnswerSearch search) {
        TaskHead head =
                run.head(Task.QUESTION_ANSWERING, "no head for answers", "answer questions");
        float[] scores = run.scores(head, pairs, PairAnswers::documentTokens); // [R, 2]
        List<List<Answer>> answers = new ArrayList<>();
        int from = 0;
        for (TokenizedText pair : pairs) {
            int[] document = documentTokens(pair).toArray();
            answers.add(SpanDecoder.of(pair.encoding(), document, scores, from, search));
            from += document.length;
        }
        return answers;
    }

    List<float[]> choose(List<List<TokenizedText>> questions) {
        TaskHead head = run.head(Task.MULTIPLE_CHOICE, "no head for choices", "choose");
        List<TokenizedText> pairs = questions.stream().flatMap(List::stream).toList();
        float[] scores = run.scores(head, pairs, _ -> IntStream.of(0)); // [B * C]
        List<float[]> answers = new ArrayList<>();
        int from = 0;
        for (List<TokenizedText> choices : questions) {
            answers.add(Shares.softmax(scores, from, choices.size()));
            from += choices.size();
        }
        return answers;
    }

    private static IntStream documentTokens(TokenizedText pair) {
        Encoding encoding = pair.encoding();
        return IntStream.range(0, encoding.size()).filter(t -> encoding.sequence(t) == 1);
    }
}
