package io.longspan.serving.service;

import io.grpc.Status;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.model.bulk.EmbedTask;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.session.WindowPooling;
import io.longspan.serving.model.ServedModel;
import java.util.List;
import java.util.Optional;

/** The vector of a text. */
record EmbedQuestion(EmbedRequest request, ServedModel model)
        implements Question<List<float[]>, EmbedResponse> {
    @Override
    public Asked tokenize(InferenceSession session) {
        pooling();
        windowPooling();
        return new LongText(
                        model.tokenizer(),
                        request.getTruncate(),
                        request.hasWindows() ? Optional.of(request.getWindows()) : Optional.empty())
                .tokenize(session, request.getText());
    }

    /** Vectors of one kind. */
    record Embeds(Pooling pooling, boolean normalize) implements Operation<List<float[]>> {
        @Override
        public List<List<float[]>> run(
                InferenceSession session, List<List<TokenizedText>> questions) {
            return Operation.regrouped(
                    questions, session.embed(Operation.flat(questions), pooling, normalize));
        }
    }

    /** Vectors of windows get their length when they are one. */
    @Override
    public Embeds operation(Asked asked) {
        return new Embeds(pooling(), request.getNormalize() && !asked.isCut());
    }

    @Override
    public List<float[]> join(Asked asked, List<List<float[]>> parts) {
        List<float[]> all = parts.stream().flatMap(List::stream).toList();
        return asked.isCut()
                ? List.of(
                        new EmbedTask(
                                        model.session(),
                                        pooling(),
                                        request.getNormalize(),
                                        windowPooling())
                                .join(asked.windows(), all))
                : all;
    }

    @Override
    public EmbedResponse answer(CallInfo call, List<float[]> result) {
        EmbedResponse.Builder answer =
                EmbedResponse.newBuilder()
                        .setCall(call)
                        .setPooling(
                                switch (pooling()) {
                                    case MEAN -> io.longspan.api.v1.Pooling.POOLING_MEAN;
                                    case FIRST -> io.longspan.api.v1.Pooling.POOLING_FIRST;
                                });
        for (float value : result.getFirst()) {
            answer.addVector(value);
        }
        return answer.build();
    }

    private WindowPooling windowPooling() {
        return switch (request.getWindows().getPooling()) {
            case WINDOW_POOLING_UNSPECIFIED, WINDOW_POOLING_MEAN -> WindowPooling.MEAN;
            case WINDOW_POOLING_MAX -> WindowPooling.MAX;
            case UNRECOGNIZED ->
                    throw Refused.because(
                            "the pooling of windows is "
                                    + request.getWindows().getPoolingValue()
                                    + "; it must be WINDOW_POOLING_MEAN (1) or WINDOW_POOLING_MAX (2)");
        };
    }

    private Pooling pooling() {
        return switch (request.getPooling()) {
            case POOLING_UNSPECIFIED, POOLING_MEAN -> Pooling.MEAN;
            case POOLING_FIRST -> Pooling.FIRST;
            case UNRECOGNIZED ->
                    throw Status.INVALID_ARGUMENT
                            .withDescription(
                                    "pooling is "
                                            + request.getPoolingValue()
                                            + "; it must be POOLING_MEAN (1) or POOLING_FIRST (2)")
                            .asRuntimeException();
        };
    }
}
