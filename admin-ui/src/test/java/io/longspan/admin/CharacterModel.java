package io.longspan.admin;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.AttentionKey;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.AttentionRow;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.MaskPredictions;
import io.longspan.api.v1.Token;
import io.longspan.api.v1.TokenPrediction;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import java.util.UUID;

/** A model of which every answer can be told from the question. */
final class CharacterModel extends InferenceGrpc.InferenceImplBase {
    private static CallInfo call(String text) {
        return CallInfo.newBuilder()
                .setInferenceId(new UUID(0, text.length()).toString())
                .setModel("the-model")
                .setModelVersion("3")
                .setBackend("loop")
                .setBackendVersion("2")
                .setPrecision("fp32")
                .setTokens(text.length())
                .setComputeTime(com.google.protobuf.Duration.newBuilder().setNanos(12_500_000))
                .build();
    }

    private static <T> void answer(StreamObserver<T> to, T what) {
        to.onNext(what);
        to.onCompleted();
    }

    @Override
    public void fillMask(FillMaskRequest request, StreamObserver<FillMaskResponse> to) {
        if (!request.getText().contains("<mask>")) {
            to.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription("the text has no mask")
                            .asRuntimeException());
            return;
        }
        answer(
                to,
                FillMaskResponse.newBuilder()
                        .setCall(call(request.getText()))
                        .addMasks(
                                MaskPredictions.newBuilder()
                                        .setPosition(2)
                                        .addPredictions(
                                                TokenPrediction.newBuilder()
                                                        .setToken(
                                                                "guess of "
                                                                        + request.getText()
                                                                                .length())
                                                        .setProbability(0.75f)))
                        .build());
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> to) {
        boolean a = request.getText().startsWith("a");
        answer(
                to,
                EmbedResponse.newBuilder()
                        .setCall(call(request.getText()))
                        .addVector(a ? 1 : 0)
                        .addVector(a ? 0 : 1)
                        .build());
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> to) {
        TokenizeResponse.Builder tokens =
                TokenizeResponse.newBuilder().setCall(call(request.getText())).setMaxTokens(512);
        tokens.addTokens(Token.newBuilder().setPiece("<s>").setAdded(true));
        int length = request.getText().codePointCount(0, request.getText().length());
        for (int i = 0; i < length; i++) {
            tokens.addTokens(Token.newBuilder().setPiece("?").setStart(i).setEnd(i + 1));
        }
        answer(to, tokens.build());
    }

    @Override
    public void attention(AttentionRequest request, StreamObserver<AttentionResponse> to) {
        answer(
                to,
                AttentionResponse.newBuilder()
                        .setCall(call(request.getText()))
                        .addRows(
                                AttentionRow.newBuilder()
                                        .addKeys(
                                                AttentionKey.newBuilder()
                                                        .setPosition(2)
                                                        .setPiece(
                                                                "layer "
                                                                        + request.getLayer()
                                                                        + " head "
                                                                        + request.getHeads(0))
                                                        .setWeight(0.6f))
                                        .addKeys(
                                                AttentionKey.newBuilder()
                                                        .setPosition(request.getTokens(0))
                                                        .setPiece("self")
                                                        .setWeight(0.4f)))
                        .build());
    }
}
