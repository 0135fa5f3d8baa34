package io.longspan.serving.service;

import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
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
import io.longspan.serving.model.ServedModel;

/** Runs models on texts. A call whose caller is gone or late never reaches a model. */
public final class InferenceService extends InferenceGrpc.InferenceImplBase {
    private final Intake intake;

    /** A service over an intake that outlives it. */
    public InferenceService(Intake intake) {
        this.intake = intake;
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
        intake.answerAtOnce(request.getModel(), new TokenizeQuestion(request), answer);
    }

    @Override
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> answer) {
        intake.answerAtOnce(request.getModel(), new DetokenizeQuestion(request), answer);
    }

    @Override
    public void attention(AttentionRequest request, StreamObserver<AttentionResponse> answer) {
        ServedModel model = intake.find(request.getModel());
        intake.answer(
                model, new AttentionQuestion(request, model.model().config().heads()), answer);
    }

    private <R, A> void answer(
            ModelRef asked, Question<R, A> question, StreamObserver<A> observer) {
        intake.answer(intake.find(asked), question, observer);
    }
}
