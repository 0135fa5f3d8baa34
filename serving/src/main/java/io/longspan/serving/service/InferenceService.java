package io.longspan.serving.service;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.DetokenizeResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import io.longspan.model.session.TokenizedText;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;
import io.longspan.serving.track.TrackedCall;
import java.util.List;

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

    @Override
    public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> answer) {
        answer(request.getModel(), new ClassifyQuestion(request), answer);
    }

    @Override
    public void classifyTokens(
            ClassifyTokensRequest request, StreamObserver<ClassifyTokensResponse> answer) {
        answer(request.getModel(), new TokenLabelsQuestion(request), answer);
    }

    @Override
    public void answerQuestion(
            AnswerQuestionRequest request, StreamObserver<AnswerQuestionResponse> answer) {
        answer(request.getModel(), new AnswersQuestion(request), answer);
    }

    @Override
    public void chooseAnswer(
            ChooseAnswerRequest request, StreamObserver<ChooseAnswerResponse> answer) {
        answer(request.getModel(), new ChoiceQuestion(request), answer);
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> answer) {
        answerAtOnce(request.getModel(), new TokenizeQuestion(request), answer);
    }

    @Override
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> answer) {
        answerAtOnce(request.getModel(), new DetokenizeQuestion(request), answer);
    }

    @Override
    public void attention(AttentionRequest request, StreamObserver<AttentionResponse> answer) {
        ServedModel model = find(request.getModel());
        answer(model, new AttentionQuestion(request, model.model().config().heads()), answer);
    }

    private ServedModel find(ModelRef asked) {
        TrackedCall call = TrackedCall.current();
        call.asked(asked.getName(), asked.getVersion());
        ServedModel model = models.find(asked.getName(), asked.getVersion());
        call.asked(model.name(), model.version());
        call.runsOn(model.backend().name(), model.backend().version(), model.precision());
        return model;
    }

    private <R, A> void answerAtOnce(
            ModelRef asked, TextQuestion<R, A> question, StreamObserver<A> observer) {
        TrackedCall call = TrackedCall.current();
        ServedModel model = find(asked);
        ComputePool.Seat seat = pool.admit();
        try {
            long begin = System.nanoTime();
            R result = question.run(model);
            long nanos = System.nanoTime() - begin;
            int tokens = question.tokens(result);
            call.tokenized(tokens, nanos);
            CallInfo.Builder info =
                    CallInfos.of(call, model, tokens).setTokenizeTime(Durations.of(nanos));
            observer.onNext(question.answer(info.build(), model, result));
            observer.onCompleted();
        } finally {
            seat.leave();
        }
    }

    private <R, A> void answer(
            ModelRef asked, Question<R, A> question, StreamObserver<A> observer) {
        answer(find(asked), question, observer);
    }

    private <R, A> void answer(
            ServedModel model, Question<R, A> question, StreamObserver<A> observer) {
        TrackedCall call = TrackedCall.current();
        ComputePool.Seat seat = pool.admit();
        boolean queued = false;
        try {
            long begin = System.nanoTime();
            List<TokenizedText> texts = question.tokenize(model.session());
            call.tokenized(
                    texts.stream().mapToInt(TokenizedText::tokens).sum(),
                    System.nanoTime() - begin);
            // Allowed for every call that gRPC hands to a service.
            ServerCallStreamObserver<A> client = (ServerCallStreamObserver<A>) observer;
            client.setOnCancelHandler(seat::giveUp);
            seat.run(new InferenceWork<>(call, model, question, texts, Context.current(), client));
            queued = true;
        } finally {
            if (!queued) {
                seat.leave();
            }
        }
    }
}
