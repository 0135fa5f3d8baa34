package io.longspan.serving.service;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ModelRef;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;
import io.longspan.serving.track.TrackedCall;

/** Runs models on texts. A call whose caller is gone or late never reaches a model. */
public final class InferenceService extends InferenceGrpc.InferenceImplBase {
    private final ServedModels models;
    private final ComputePool pool;

    /** A service over models and a pool that outlive it. */
    public InferenceService(ServedModels models, ComputePool pool) {
        this.models = models;
        this.pool = pool;
    }

    @Override
    public void fillMask(FillMaskRequest request, StreamObserver<FillMaskResponse> answer) {
        answer(request.getModel(), new MaskQuestion(request), answer);
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> answer) {
        answer(request.getModel(), new EmbedQuestion(request), answer);
    }

    private <R, A> void answer(
            ModelRef asked, Question<R, A> question, StreamObserver<A> observer) {
        TrackedCall call = TrackedCall.current();
        call.asked(asked.getName(), asked.getVersion());
        ServedModel model = models.find(asked.getName(), asked.getVersion());
        call.asked(model.name(), model.version());
        call.runsOn(model.backend().name(), model.backend().version(), ServedModel.PRECISION);
        ComputePool.Seat seat = pool.admit();
        boolean queued = false;
        try {
            long begin = System.nanoTime();
            TokenizedText text = question.tokenize(model.session());
            call.tokenized(text.tokens(), System.nanoTime() - begin);
            // Allowed for every call that gRPC hands to a service.
            ServerCallStreamObserver<A> client = (ServerCallStreamObserver<A>) observer;
            client.setOnCancelHandler(seat::giveUp);
            seat.run(new InferenceWork<>(call, model, question, text, Context.current(), client));
            queued = true;
        } finally {
            if (!queued) {
                seat.leave();
            }
        }
    }
}
