package io.longspan.api;

import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Streams of requests with one answer each, in their order. Requests are taken when the server is
 * ready for more, so that a source of any length takes little memory; both the source and the
 * receiver of answers are called on threads of the channel, one call at a time each. A method
 * returns when the last answer was received, and throws the status when the stream has failed.
 * Thread-safe.
 */
public final class StreamCalls {
    private final Supplier<InferenceGrpc.InferenceStub> stub;

    StreamCalls(Supplier<InferenceGrpc.InferenceStub> stub) {
        this.stub = stub;
    }

    /** {@link LongspanClient#fillMask(FillMaskRequest)} for each. */
    public void fillMask(Iterator<FillMaskRequest> requests, Consumer<FillMaskResponse> answers) {
        StreamExchange.run(requests, answers, stub.get()::fillMaskStream);
    }

    /** {@link LongspanClient#embed(EmbedRequest)} for each. */
    public void embed(Iterator<EmbedRequest> requests, Consumer<EmbedResponse> answers) {
        StreamExchange.run(requests, answers, stub.get()::embedStream);
    }

    /** {@link LongspanClient#classify(ClassifyRequest)} for each. */
    public void classify(Iterator<ClassifyRequest> requests, Consumer<ClassifyResponse> answers) {
        StreamExchange.run(requests, answers, stub.get()::classifyStream);
    }

    /** {@link LongspanClient#classifyTokens(ClassifyTokensRequest)} for each. */
    public void classifyTokens(
            Iterator<ClassifyTokensRequest> requests, Consumer<ClassifyTokensResponse> answers) {
        StreamExchange.run(requests, answers, stub.get()::classifyTokensStream);
    }

    /** {@link LongspanClient#answerQuestion(AnswerQuestionRequest)} for each. */
    public void answerQuestion(
            Iterator<AnswerQuestionRequest> requests, Consumer<AnswerQuestionResponse> answers) {
        StreamExchange.run(requests, answers, stub.get()::answerQuestionStream);
    }

    /** {@link LongspanClient#chooseAnswer(ChooseAnswerRequest)} for each. */
    public void chooseAnswer(
            Iterator<ChooseAnswerRequest> requests, Consumer<ChooseAnswerResponse> answers) {
        StreamExchange.run(requests, answers, stub.get()::chooseAnswerStream);
    }
}
