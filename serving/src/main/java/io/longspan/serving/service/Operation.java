package io.longspan.serving.service;

import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model does for several questions at once. Questions with equal operations share a batch,
 * so an operation is a record of all that the batch has to agree on.
 *
 * @param <R> what the model gives for each
 */
interface Operation<R> {
    /**
     * Runs the model once; on a compute thread.
     *
     * @param questions the texts of each
     * @return one result per question
     */
    List<R> run(InferenceSession session, List<List<TokenizedText>> questions);

    /** One answer per text, as lists of one per question. */
    static <T> List<List<T>> regrouped(List<List<TokenizedText>> questions, List<T> answers) {
        List<List<T>> grouped = new ArrayList<>();
        int from = 0;
        for (List<TokenizedText> texts : questions) {
            grouped.add(List.copyOf(answers.subList(from, from + texts.size())));
            from += texts.size();
        }
        return grouped;
    }

    /** All texts, question after question. */
    static List<TokenizedText> flat(List<List<TokenizedText>> questions) {
        return questions.stream().flatMap(List::stream).toList();
    }
}
