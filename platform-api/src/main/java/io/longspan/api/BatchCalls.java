package io.longspan.api;

import io.longspan.api.v1.AnswerQuestionBatchRequest;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.ChooseAnswerBatchRequest;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyBatchRequest;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensBatchRequest;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.EmbedBatchRequest;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskBatchRequest;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import java.util.List;
import java.util.function.Supplier;

/**
 * Many requests in one call, 1 to 1024, with one answer each in their order. When one fails, the
 * call does, and its status says which. Thread-safe.
 */
public final class BatchCalls {
    private final Supplier<InferenceGrpc.InferenceBlockingStub> stub;

    BatchCalls(Supplier<InferenceGrpc.InferenceBlockingStub> stub) {
        this.stub = stub;
    }

    /** {@link LongspanClient#fillMask(FillMaskRequest)} for all. */
    public List<FillMaskResponse> fillMask(List<FillMaskRequest> requests) {
        return stub.get()
                .fillMaskBatch(FillMaskBatchRequest.newBuilder().addAllRequests(requests).build())
                .getAnswersList();
    }

    /** {@link LongspanClient#embed(EmbedRequest)} for all. */
    public List<EmbedResponse> embed(List<EmbedRequest> requests) {
        return stub.get()
                .embedBatch(EmbedBatchRequest.newBuilder().addAllRequests(requests).build())
                .getAnswersList();
    }

    /** {@link LongspanClient#classify(ClassifyRequest)} for all. */
    public List<ClassifyResponse> classify(List<ClassifyRequest> requests) {
        return stub.get()
                .classifyBatch(ClassifyBatchRequest.newBuilder().addAllRequests(requests).build())
                .getAnswersList();
    }

    /** {@link LongspanClient#classifyTokens(ClassifyTokensRequest)} for all. */
    public List<ClassifyTokensResponse> classifyTokens(List<ClassifyTokensRequest> requests) {
        return stub.get()
                .classifyTokensBatch(
                        ClassifyTokensBatchRequest.newBuilder().addAllRequests(requests).build())
                .getAnswersList();
    }

    /** {@link LongspanClient#answerQuestion(AnswerQuestionRequest)} for all. */
    public List<AnswerQuestionResponse> answerQuestion(List<AnswerQuestionRequest> requests) {
        return stub.get()
                .answerQuestionBatch(
                        AnswerQuestionBatchRequest.newBuilder().addAllRequests(requests).build())
                .getAnswersList();
    }

    /** {@link LongspanClient#chooseAnswer(ChooseAnswerRequest)} for all. */
    public List<ChooseAnswerResponse> chooseAnswer(List<ChooseAnswerRequest> requests) {
        return stub.get()
                .chooseAnswerBatch(
                        ChooseAnswerBatchRequest.newBuilder().addAllRequests(requests).build())
                .getAnswersList();
    }
}
