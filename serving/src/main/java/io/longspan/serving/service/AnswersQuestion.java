package io.longspan.serving.service;

import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.CallInfo;
import io.longspan.model.session.Answer;
import io.longspan.model.session.AnswerSearch;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/** The parts of a document that may answer a question. */
record AnswersQuestion(AnswerQuestionRequest request)
        implements Question<List<Answer>, AnswerQuestionResponse> {
    @Override
    public Asked tokenize(InferenceSession session) {
        search();
        return Asked.of(
                List.of(session.tokenizePair(request.getQuestion(), request.getDocument())));
    }

    /** Answers that are looked for in one way. */
    record Answers(AnswerSearch search) implements Operation<List<Answer>> {
        @Override
        public List<List<Answer>> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return session.answer(Operation.flat(questions), search);
        }
    }

    @Override
    public Answers operation(Asked asked) {
        return new Answers(search());
    }

    @Override
    public AnswerQuestionResponse answer(CallInfo call, List<Answer> result) {
        AnswerQuestionResponse.Builder answer = AnswerQuestionResponse.newBuilder().setCall(call);
        TextSlices slices = new TextSlices(request.getDocument());
        for (Answer found : result) {
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
