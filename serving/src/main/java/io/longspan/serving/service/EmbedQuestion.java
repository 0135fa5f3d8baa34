package io.longspan.serving.service;

import io.grpc.Status;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.TokenizedText;
import java.util.List;

/** The vector of a text. */
record EmbedQuestion(EmbedRequest request) implements Question<float[], EmbedResponse> {
    @Override
    public List<TokenizedText> tokenize(InferenceSession session) {
        pooling();
        return List.of(session.tokenize(request.getText()));
    }

    /** Vectors of one kind. */
    record Embeds(Pooling pooling, boolean normalize) implements Operation<float[]> {
        @Override
        public List<float[]> run(InferenceSession session, List<List<TokenizedText>> questions) {
            return session.embed(Operation.flat(questions), pooling, normalize);
        }
    }

    @Override
    public Embeds operation() {
        return new Embeds(pooling(), request.getNormalize());
    }

    @Override
    public EmbedResponse answer(CallInfo call, float[] result) {
        EmbedResponse.Builder answer =
                EmbedResponse.newBuilder()
                        .setCall(call)
                        .setPooling(
                                switch (pooling()) {
                                    case MEAN -> io.longspan.api.v1.Pooling.POOLING_MEAN;
                                    case FIRST -> io.longspan.api.v1.Pooling.POOLING_FIRST;
                                });
        for (float value : result) {
            answer.addVector(value);
        }
        return answer.build();
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
