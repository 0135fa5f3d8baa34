package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ClassificationProblem;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.LabelScore;
import io.longspan.model.session.Classification;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/** The classes of a text or of a pair. */
record ClassifyQuestion(ClassifyRequest request)
        implements Question<Classification, ClassifyResponse> {
    @Override
    public List<TokenizedText> tokenize(InferenceSession session) {
        return List.of(Texts.tokenize(session, request.getText(), request.getTextPair()));
    }

    /** The same for every text. */
    record Classifies() implements Operation<Classification> {
        @Override
        public List<Classification> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return session.classify(Operation.flat(questions));
        }
    }

    @Override
    public Classifies operation() {
        return new Classifies();
    }

    @Override
    public ClassifyResponse answer(CallInfo call, Classification result) {
        ClassifyResponse.Builder answer =
                ClassifyResponse.newBuilder()
                        .setCall(call)
                        .setProblem(
                                switch (result.problem()) {
                                    case SINGLE_LABEL ->
                                            ClassificationProblem
                                                    .CLASSIFICATION_PROBLEM_SINGLE_LABEL;
                                    case MULTI_LABEL ->
                                            ClassificationProblem
                                                    .CLASSIFICATION_PROBLEM_MULTI_LABEL;
                                    case REGRESSION ->
                                            ClassificationProblem.CLASSIFICATION_PROBLEM_REGRESSION;
                                });
        result.labels()
                .forEach(score ->
                        answer.addLabels(
                                LabelScore.newBuilder()
                                        .setLabel(score.label())
                                        .setValue(score.value())));
        return answer.build();
    }
}
