package io.longspan.serving.service;

import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.Answer;
import io.longspan.model.session.AnswerSearch;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.ServedModel;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The parts of a document that may answer a question. */
record AnswersQuestion(AnswerQuestionRequest request, ServedModel model)
        implements Question<List<List<Answer>>, AnswerQuestionResponse> {
    private static final Comparator<Answer> BEST =
            Comparator.comparingDouble(Answer::score)
                    .reversed()
                    .thenComparingInt(Answer::start)
                    .thenComparingInt(Answer::end);

    @Override
    public Asked tokenize(InferenceSession session) {
        search();
        if (request.hasWindows()
                && !request.getQuestion().isEmpty()
                && !request.getDocument().isEmpty()) {
            return LongDocument.of(
                    model.tokenizer()
                            .encodePair(
                                    request.getQuestion(),
                                    request.getDocument(),
                                    model.model().config().inputFormat().pairSeparators()),
                    request.getWindows(),
                    session.longest());
        }
        return Asked.of(
                List.of(session.tokenizePair(request.getQuestion(), request.getDocument())));
    }

    /** Answers that are looked for in one way. */
    record Answers(AnswerSearch search) implements Operation<List<List<Answer>>> {
        @Override
        public List<List<List<Answer>>> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return Operation.regrouped(
                    questions, session.answer(Operation.flat(questions), search));
        }
    }

    /** The best of all windows; what two windows found in the same place counts once. */
    @Override
    public List<List<Answer>> join(Asked asked, List<List<List<Answer>>> parts) {
        Set<List<Integer>> places = new HashSet<>();
        return List.of(
                parts.stream()
                        .flatMap(List::stream)
                        .flatMap(List::stream)
                        .sorted(BEST)
                        .filter(answer -> places.add(List.of(answer.start(), answer.end())))
                        .limit(search().answers())
                        .toList());
    }

    @Override
    public Answers operation(Asked asked) {
        return new Answers(search());
    }

    @Override
    public AnswerQuestionResponse answer(CallInfo call, List<List<Answer>> result) {
        AnswerQuestionResponse.Builder answer = AnswerQuestionResponse.newBuilder().setCall(call);
        TextSlices slices = new TextSlices(request.getDocument());
        for (Answer found : result.getFirst()) {
            answer.addAnswersBuilder()
                    .setText(slices.of(found.start(), found.end()))
                    .setStart(found.start())
                    .setEnd(found.end())
                    .setScore(found.score());
        }
        return answer.build();
    }

    private AnswerSearch search() {
        AnswerSearch standard = AnswerSearch.DEFAULT;
        return new AnswerSearch(
                request.getTopK() == 0 ? standard.answers() : request.getTopK(),
                request.getCandidates() == 0 ? standard.candidates() : request.getCandidates(),
                request.getLongestAnswer() == 0 ? standard.longest() : request.getLongestAnswer());
    }
}
