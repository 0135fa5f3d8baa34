package io.longspan.serving.service;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ClassificationProblem;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.LabelScore;
import io.longspan.api.v1.WindowPooling;
import io.longspan.api.v1.Windows;
import io.longspan.model.bulk.ClassifyTask;
import io.longspan.model.session.Classification;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.ServedModel;
import java.util.List;
import java.util.Optional;

/** The classes of a text or of a pair. */
record ClassifyQuestion(ClassifyRequest request, ServedModel model)
        implements Question<List<Classification>, ClassifyResponse> {
    @Override
    public Asked tokenize(InferenceSession session) {
        boolean pair = !request.getTextPair().isEmpty();
        if (pair && (request.getTruncate() || request.hasWindows())) {
            throw Refused.because(
                    "there is a second text; a pair is neither truncated nor read in windows, so shorten it, or leave truncate and windows out");
        }
        return pair
                ? Asked.of(List.of(session.tokenizePair(request.getText(), request.getTextPair())))
                : new LongText(
                                model.tokenizer(),
                                request.getTruncate(),
                                request.hasWindows()
                                        ? Optional.of(windows(request.getWindows()))
                                        : Optional.empty())
                        .tokenize(session, request.getText());
    }

    private static Windows windows(Windows asked) {
        if (asked.getPooling() != WindowPooling.WINDOW_POOLING_UNSPECIFIED
                && asked.getPooling() != WindowPooling.WINDOW_POOLING_MEAN) {
            throw Refused.because(
                    "the pooling of windows is "
                            + asked.getPoolingValue()
                            + "; the values of a text's classes are averaged, so leave it out");
        }
        return asked;
    }

    /** The same for every text. */
    record Classifies() implements Operation<List<Classification>> {
        @Override
        public List<List<Classification>> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return Operation.regrouped(questions, session.classify(Operation.flat(questions)));
        }
    }

    @Override
    public Classifies operation(Asked asked) {
        return new Classifies();
    }

    @Override
    public List<Classification> join(Asked asked, List<List<Classification>> parts) {
        List<Classification> all = parts.stream().flatMap(List::stream).toList();
        return asked.isCut()
                ? List.of(new ClassifyTask(model.session()).join(asked.windows(), all))
                : all;
    }

    @Override
    public ClassifyResponse answer(CallInfo call, List<Classification> results) {
        Classification result = results.getFirst();
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
