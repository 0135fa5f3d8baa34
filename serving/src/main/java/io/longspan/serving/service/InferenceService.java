package io.longspan.serving.service;

import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.AnswerQuestionBatchRequest;
import io.longspan.api.v1.AnswerQuestionBatchResponse;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.ChooseAnswerBatchRequest;
import io.longspan.api.v1.ChooseAnswerBatchResponse;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyBatchRequest;
import io.longspan.api.v1.ClassifyBatchResponse;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensBatchRequest;
import io.longspan.api.v1.ClassifyTokensBatchResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.DetokenizeResponse;
import io.longspan.api.v1.EmbedBatchRequest;
import io.longspan.api.v1.EmbedBatchResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskBatchRequest;
import io.longspan.api.v1.FillMaskBatchResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ScoreRequest;
import io.longspan.api.v1.ScoreResponse;
import io.longspan.api.v1.TokenEmbeddingsRequest;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import io.longspan.model.session.Answer;
import io.longspan.model.session.Classification;
import io.longspan.model.session.MaskGuesses;
import io.longspan.model.session.TokenLabel;
import java.util.Iterator;
import java.util.List;

/**
 * Runs models on texts. Every method that does comes alone, for many requests at once, and as a
 * stream. A call whose caller is gone or late never reaches a model.
 */
public final class InferenceService extends InferenceGrpc.InferenceImplBase {
    private static final Task<FillMaskRequest, List<MaskGuesses>, FillMaskResponse> MASKS =
            new Task<>(
                    FillMaskRequest::getModel,
                    (request, model) -> new MaskQuestion(request, model.tokenizer()));

    private static final Task<EmbedRequest, List<float[]>, EmbedResponse> VECTORS =
            new Task<>(EmbedRequest::getModel, EmbedQuestion::new);

    private static final Task<ClassifyRequest, List<Classification>, ClassifyResponse> CLASSES =
            new Task<>(ClassifyRequest::getModel, ClassifyQuestion::new);

    private static final Task<ClassifyTokensRequest, List<TokenLabel>, ClassifyTokensResponse>
            LABELS =
                    new Task<>(
                            ClassifyTokensRequest::getModel,
                            (request, model) ->
                                    new TokenLabelsQuestion(request, model.tokenizer()));

    private static final Task<AnswerQuestionRequest, List<List<Answer>>, AnswerQuestionResponse>
            ANSWERS = new Task<>(AnswerQuestionRequest::getModel, AnswersQuestion::new);

    private static final Task<ChooseAnswerRequest, float[], ChooseAnswerResponse> CHOICES =
            new Task<>(ChooseAnswerRequest::getModel, (request, _) -> new ChoiceQuestion(request));

    private static final Task<AttentionRequest, AttentionQuestion.Seen, AttentionResponse> WEIGHTS =
            new Task<>(
                    AttentionRequest::getModel,
                    (request, model) ->
                            new AttentionQuestion(request, model.model().config().heads()));

    private static final Task<ScoreRequest, ScoreQuestion.Judged, ScoreResponse> SCORES =
            new Task<>(
                    ScoreRequest::getModel,
                    (request, model) -> new ScoreQuestion(request, model.session()));

    private static final Task<
                    TokenEmbeddingsRequest,
                    TokenVectorsQuestion.Vectors,
                    Iterator<TokenEmbeddingsResponse>>
            TOKEN_VECTORS =
                    new Task<>(
                            TokenEmbeddingsRequest::getModel,
                            (request, model) ->
                                    new TokenVectorsQuestion(request, model.tokenizer()));

    private final Intake intake;

    /** A service over an intake that outlives it. */
    public InferenceService(Intake intake) {
        this.intake = intake;
    }

    @Override
    public void fillMask(FillMaskRequest request, StreamObserver<FillMaskResponse> answer) {
        intake.answer(MASKS, request, answer);
    }

    @Override
    public void fillMaskBatch(
            FillMaskBatchRequest request, StreamObserver<FillMaskBatchResponse> answer) {
        intake.answerAll(
                MASKS,
                request.getRequestsList(),
                answer,
                all -> FillMaskBatchResponse.newBuilder().addAllAnswers(all).build());
    }

    @Override
    public StreamObserver<FillMaskRequest> fillMaskStream(StreamObserver<FillMaskResponse> answer) {
        return intake.answerEach(MASKS, answer);
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> answer) {
        intake.answer(VECTORS, request, answer);
    }

    @Override
    public void embedBatch(EmbedBatchRequest request, StreamObserver<EmbedBatchResponse> answer) {
        intake.answerAll(
                VECTORS,
                request.getRequestsList(),
                answer,
                all -> EmbedBatchResponse.newBuilder().addAllAnswers(all).build());
    }

    @Override
    public StreamObserver<EmbedRequest> embedStream(StreamObserver<EmbedResponse> answer) {
        return intake.answerEach(VECTORS, answer);
    }

    @Override
    public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> answer) {
        intake.answer(CLASSES, request, answer);
    }

    @Override
    public void classifyBatch(
            ClassifyBatchRequest request, StreamObserver<ClassifyBatchResponse> answer) {
        intake.answerAll(
                CLASSES,
                request.getRequestsList(),
                answer,
                all -> ClassifyBatchResponse.newBuilder().addAllAnswers(all).build());
    }

    @Override
    public StreamObserver<ClassifyRequest> classifyStream(StreamObserver<ClassifyResponse> answer) {
        return intake.answerEach(CLASSES, answer);
    }

    @Override
    public void classifyTokens(
            ClassifyTokensRequest request, StreamObserver<ClassifyTokensResponse> answer) {
        intake.answer(LABELS, request, answer);
    }

    @Override
    public void classifyTokensBatch(
            ClassifyTokensBatchRequest request,
            StreamObserver<ClassifyTokensBatchResponse> answer) {
        intake.answerAll(
                LABELS,
                request.getRequestsList(),
                answer,
                all -> ClassifyTokensBatchResponse.newBuilder().addAllAnswers(all).build());
    }

    @Override
    public StreamObserver<ClassifyTokensRequest> classifyTokensStream(
            StreamObserver<ClassifyTokensResponse> answer) {
        return intake.answerEach(LABELS, answer);
    }

    @Override
    public void answerQuestion(
            AnswerQuestionRequest request, StreamObserver<AnswerQuestionResponse> answer) {
        intake.answer(ANSWERS, request, answer);
    }

    @Override
    public void answerQuestionBatch(
            AnswerQuestionBatchRequest request,
            StreamObserver<AnswerQuestionBatchResponse> answer) {
        intake.answerAll(
                ANSWERS,
                request.getRequestsList(),
                answer,
                all -> AnswerQuestionBatchResponse.newBuilder().addAllAnswers(all).build());
    }

    @Override
    public StreamObserver<AnswerQuestionRequest> answerQuestionStream(
            StreamObserver<AnswerQuestionResponse> answer) {
        return intake.answerEach(ANSWERS, answer);
    }

    @Override
    public void chooseAnswer(
            ChooseAnswerRequest request, StreamObserver<ChooseAnswerResponse> answer) {
        intake.answer(CHOICES, request, answer);
    }

    @Override
    public void chooseAnswerBatch(
            ChooseAnswerBatchRequest request, StreamObserver<ChooseAnswerBatchResponse> answer) {
        intake.answerAll(
                CHOICES,
                request.getRequestsList(),
                answer,
                all -> ChooseAnswerBatchResponse.newBuilder().addAllAnswers(all).build());
    }

    @Override
    public StreamObserver<ChooseAnswerRequest> chooseAnswerStream(
            StreamObserver<ChooseAnswerResponse> answer) {
        return intake.answerEach(CHOICES, answer);
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> answer) {
        intake.answer(SCORES, request, answer);
    }

    @Override
    public void tokenEmbeddings(
            TokenEmbeddingsRequest request, StreamObserver<TokenEmbeddingsResponse> answer) {
        intake.answerMany(TOKEN_VECTORS, request, answer);
    }

    @Override
    public void attention(AttentionRequest request, StreamObserver<AttentionResponse> answer) {
        intake.answer(WEIGHTS, request, answer);
    }

    @Override
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> answer) {
        intake.answerAtOnce(request.getModel(), new TokenizeQuestion(request), answer);
    }

    @Override
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> answer) {
        intake.answerAtOnce(request.getModel(), new DetokenizeQuestion(request), answer);
    }
}
