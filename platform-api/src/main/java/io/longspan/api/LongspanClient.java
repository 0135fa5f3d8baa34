package io.longspan.api;

import com.google.protobuf.Timestamp;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.BackendSelection;
import io.longspan.api.v1.BackendsGrpc;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.DeleteAliasRequest;
import io.longspan.api.v1.DeleteAliasResponse;
import io.longspan.api.v1.DeletePayloadsRequest;
import io.longspan.api.v1.DescribeModelRequest;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.DetokenizeResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.GetPayloadRequest;
import io.longspan.api.v1.GetPayloadResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.InferencesGrpc;
import io.longspan.api.v1.ListBackendsRequest;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ListModelsRequest;
import io.longspan.api.v1.LoadModelRequest;
import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.api.v1.Pooling;
import io.longspan.api.v1.ScoreRequest;
import io.longspan.api.v1.ScoreResponse;
import io.longspan.api.v1.SetAliasRequest;
import io.longspan.api.v1.TokenEmbeddingsRequest;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import io.longspan.api.v1.UnloadModelRequest;
import io.longspan.api.v1.UnloadModelResponse;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Blocking client of a server, or of several that hold the same models. Thread-safe; closed by
 * whoever connected it.
 *
 * <p>Connecting happens with the first call. Every method throws {@link
 * io.grpc.StatusRuntimeException} when the call ends with a status other than OK; its description
 * is a sentence for people, and {@link InferenceId#of} finds the tracked row.
 *
 * <p>A call that is made inside of a span of OpenTelemetry says so to the server, by the header
 * {@code traceparent} of W3C Trace Context.
 */
public final class LongspanClient implements AutoCloseable {
    /** How long a call may take unless another deadline is set. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

    /** Guesses for every token of a long text are a large answer. */
    private static final int LARGEST_ANSWER = 64 << 20;

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;
    private final Duration deadline;
    private final int priority;
    private final String key;

    private LongspanClient(ManagedChannel channel, Duration deadline, int priority, String key) {
        this.channel = channel;
        this.deadline = deadline;
        this.priority = priority;
        this.key = key;
    }

    /** A client of a server at a host name or address, without encryption. */
    public static LongspanClient connect(String host, int port) {
        return connect(host, port, InsecureChannelCredentials.create());
    }

    private static LongspanClient connect(String host, int port, ChannelCredentials credentials) {
        return over(
                Grpc.newChannelBuilderForAddress(host, port, credentials)
                        .maxInboundMessageSize(LARGEST_ANSWER)
                        .build());
    }

    /**
     * A client of a server named as {@code host:port}, such as {@code localhost:9090} or {@code
     * [::1]:9090}, without encryption.
     *
     * @throws IllegalArgumentException when the text is no such name
     */
    public static LongspanClient connect(String target) {
        return connect(target, InsecureChannelCredentials.create());
    }

    /**
     * A client of a server named as {@code host:port}.
     *
     * @param credentials such as {@link io.grpc.TlsChannelCredentials}: whom it believes to be the
     *     server, and how it shows who it is itself
     * @throws IllegalArgumentException when the text is no such name
     */
    public static LongspanClient connect(String target, ChannelCredentials credentials) {
        Target server = Target.parse(target);
        return connect(server.host(), server.port(), credentials);
    }

    /**
     * A client of several servers that hold the same models. Calls go to each in turn, those that
     * cannot be reached left out, and are made again as {@code retries} says.
     *
     * @param targets each named as {@code host:port}, at least one; a name with several addresses
     *     counts as as many servers
     * @param credentials for all of them
     * @throws IllegalArgumentException when there is none, or one is no such name
     */
    public static LongspanClient connect(
            List<String> targets, ChannelCredentials credentials, Retries retries) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no server is named; name at least one HOST:PORT");
        }
        List<Target> servers = targets.stream().map(Target::parse).toList();
        return over(
                Grpc.newChannelBuilder(ServerList.name(), credentials, ServerList.registry(servers))
                        .maxInboundMessageSize(LARGEST_ANSWER)
                        .defaultLoadBalancingPolicy("round_robin")
                        .defaultServiceConfig(retries.serviceConfig())
                        .enableRetry()
                        .build());
    }

    /** A client over a channel, which it closes. */
    public static LongspanClient over(ManagedChannel channel) {
        return new LongspanClient(channel, DEFAULT_DEADLINE, 0, "");
    }

    /** The same connection with another deadline; closing either closes both. */
    public LongspanClient withDeadline(Duration each) {
        return new LongspanClient(channel, each, priority, key);
    }

    /**
     * The same connection with another urgency, see {@link RequestPriority}; closing either closes
     * both.
     *
     * @param level from 1, the most urgent, to 9; 0 for the usual one
     */
    public LongspanClient withPriority(int level) {
        return new LongspanClient(channel, deadline, level, key);
    }

    /**
     * The same connection with a key, see {@code longspan keys create}; closing either closes both.
     *
     * @param secret the whole key; empty for none
     */
    public LongspanClient withKey(String secret) {
        return new LongspanClient(channel, deadline, priority, secret);
    }

    /** Guesses the tokens behind every {@code <mask>}. */
    public FillMaskResponse fillMask(FillMaskRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).fillMask(request);
    }

    /**
     * Guesses the tokens behind every {@code <mask>}.
     *
     * @param model name, or empty for the server's default
     * @param topK guesses per mask; 0 for the server's default
     */
    public FillMaskResponse fillMask(String model, String text, int topK) {
        return fillMask(
                FillMaskRequest.newBuilder()
                        .setModel(ModelRef.newBuilder().setName(model))
                        .setText(text)
                        .setTopK(topK)
                        .build());
    }

    /** Turns a text into one vector. */
    public EmbedResponse embed(EmbedRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).embed(request);
    }

    /**
     * Turns a text into one vector.
     *
     * @param model name, or empty for the server's default
     * @param normalize whether the vector gets Euclidean length 1
     */
    public EmbedResponse embed(String model, String text, Pooling pooling, boolean normalize) {
        return embed(
                EmbedRequest.newBuilder()
                        .setModel(ModelRef.newBuilder().setName(model))
                        .setText(text)
                        .setPooling(pooling)
                        .setNormalize(normalize)
                        .build());
    }

    /** Says to which classes a text belongs. */
    public ClassifyResponse classify(ClassifyRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).classify(request);
    }

    /** Labels the tokens of a text. */
    public ClassifyTokensResponse classifyTokens(ClassifyTokensRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).classifyTokens(request);
    }

    /** Looks for the answer to a question in a document. */
    public AnswerQuestionResponse answerQuestion(AnswerQuestionRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).answerQuestion(request);
    }

    /** Chooses among continuations of a prompt. */
    public ChooseAnswerResponse chooseAnswer(ChooseAnswerRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).chooseAnswer(request);
    }

    /** Says how probable a language model finds the tokens of a text. */
    public ScoreResponse score(ScoreRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).score(request);
    }

    /** Turns every token of a text into a vector; parts come as they are read. */
    public Iterator<TokenEmbeddingsResponse> tokenEmbeddings(TokenEmbeddingsRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).tokenEmbeddings(request);
    }

    /** Which backends run the server's models, and how they were chosen. */
    public List<BackendSelection> backends() {
        return timed(BackendsGrpc.newBlockingStub(channel))
                .list(ListBackendsRequest.getDefaultInstance())
                .getSelectionsList();
    }

    /** Calls with many requests and one answer; the deadline is that of the whole call. */
    public BatchCalls batches() {
        return new BatchCalls(() -> timed(InferenceGrpc.newBlockingStub(channel)));
    }

    /** Calls with many requests and as many answers; the deadline is that of the whole call. */
    public StreamCalls streams() {
        return new StreamCalls(() -> timed(InferenceGrpc.newStub(channel)));
    }

    /** Turns a text into tokens; no model runs. */
    public TokenizeResponse tokenize(TokenizeRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).tokenize(request);
    }

    /** Turns token ids into a text; no model runs. */
    public DetokenizeResponse detokenize(DetokenizeRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).detokenize(request);
    }

    /** Says to which tokens chosen tokens attend, and by how much. */
    public AttentionResponse attention(AttentionRequest request) {
        return timed(InferenceGrpc.newBlockingStub(channel)).attention(request);
    }

    /** All models of the server, by name. */
    public List<ModelDescription> models() {
        return timed(ModelsGrpc.newBlockingStub(channel))
                .list(ListModelsRequest.getDefaultInstance())
                .getModelsList();
    }

    /** Other names of the server's models, by alias. */
    public List<ModelAlias> aliases() {
        return timed(ModelsGrpc.newBlockingStub(channel))
                .list(ListModelsRequest.getDefaultInstance())
                .getAliasesList();
    }

    /**
     * Has a checkpoint opened beside what is served; the name points at it from then on.
     *
     * @param version empty for one that is made of the weights' digest
     * @param folder on the server
     * @param keep whether the version before stays loaded
     */
    public ModelDescription load(String name, String version, String folder, boolean keep) {
        return timed(ModelsGrpc.newBlockingStub(channel))
                .load(
                        LoadModelRequest.newBuilder()
                                .setName(name)
                                .setVersion(version)
                                .setFolder(folder)
                                .setKeepPrevious(keep)
                                .build())
                .getModel();
    }

    /** Takes a version out, or all when it is empty; returns when they are closed. */
    public void unload(String name, String version) {
        UnloadModelResponse _ =
                timed(ModelsGrpc.newBlockingStub(channel))
                        .unload(
                                UnloadModelRequest.newBuilder()
                                        .setName(name)
                                        .setVersion(version)
                                        .build());
    }

    /** Lets an alias, or a model's own name, point at a version; empty for the present one. */
    public ModelAlias setAlias(String alias, String name, String version) {
        return timed(ModelsGrpc.newBlockingStub(channel))
                .setAlias(
                        SetAliasRequest.newBuilder()
                                .setAlias(alias)
                                .setName(name)
                                .setVersion(version)
                                .build())
                .getAlias();
    }

    /** Takes an alias away. */
    public void deleteAlias(String alias) {
        DeleteAliasResponse _ =
                timed(ModelsGrpc.newBlockingStub(channel))
                        .deleteAlias(DeleteAliasRequest.newBuilder().setAlias(alias).build());
    }

    /** One model; an empty name is the server's default. */
    public ModelDescription describe(String name) {
        return timed(ModelsGrpc.newBlockingStub(channel))
                .describe(DescribeModelRequest.newBuilder().setName(name).build())
                .getModel();
    }

    /** Rows of the log of inferences, newest first. */
    public List<InferenceRow> inferences(ListInferencesRequest request) {
        return timed(InferencesGrpc.newBlockingStub(channel)).list(request).getInferencesList();
    }

    /** What one call's caller sent and was answered, where servers keep it. */
    public GetPayloadResponse payload(String inferenceId) {
        return timed(InferencesGrpc.newBlockingStub(channel))
                .getPayload(GetPayloadRequest.newBuilder().setInferenceId(inferenceId).build());
    }

    /**
     * Deletes what a caller sent and was answered, for good.
     *
     * @param before only of calls that came in before; everything until now when empty
     * @return how many calls had something to delete in the database
     */
    public long deletePayloads(String caller, Optional<Instant> before) {
        DeletePayloadsRequest.Builder request =
                DeletePayloadsRequest.newBuilder().setCaller(caller);
        before.ifPresent(time ->
                request.setBefore(
                        Timestamp.newBuilder()
                                .setSeconds(time.getEpochSecond())
                                .setNanos(time.getNano())));
        return timed(InferencesGrpc.newBlockingStub(channel))
                .deletePayloads(request.build())
                .getDeleted();
    }

    private <S extends AbstractStub<S>> S timed(S stub) {
        S timed = stub.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
        Metadata headers = new Metadata();
        W3CTraceContextPropagator.getInstance()
                .inject(
                        Context.current(),
                        headers,
                        (into, name, value) ->
                                Objects.requireNonNull(into)
                                        .put(
                                                Metadata.Key.of(
                                                        name, Metadata.ASCII_STRING_MARSHALLER),
                                                value));
        if (priority == 0 && key.isEmpty() && headers.keys().isEmpty()) {
            return timed;
        }
        if (priority != 0) {
            headers.put(RequestPriority.HEADER, Integer.toString(priority));
        }
        if (!key.isEmpty()) {
            headers.put(AUTHORIZATION, "Bearer " + key);
        }
        return timed.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Ends the connection; calls under way end with UNAVAILABLE or CANCELLED. */
    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
