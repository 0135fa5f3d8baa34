package io.longspan.serving.service;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.InferencesGrpc;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ListInferencesResponse;
import io.longspan.model.Quoted;
import io.longspan.serving.spool.SpoolDrainer;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.Inferences;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Reads the log of inferences, what this server has not moved to the database yet included. */
public final class InferencesService extends InferencesGrpc.InferencesImplBase {
    private static final int DEFAULT_ROWS = 50;
    private static final int MOST_ROWS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Inferences inferences;
    private final SpoolDrainer drainer;

    /** A service over a table and a drainer that outlive it. */
    public InferencesService(Inferences inferences, SpoolDrainer drainer) {
        this.inferences = inferences;
        this.drainer = drainer;
    }

    @Override
    public void list(ListInferencesRequest request, StreamObserver<ListInferencesResponse> answer) {
        InferenceFilter filter = filter(request);
        // Too late is no error: the rows are shown as far as they have come.
        drainer.flush(PATIENCE);
        ListInferencesResponse.Builder rows = ListInferencesResponse.newBuilder();
        inferences.list(filter).forEach(row -> rows.addInferences(wire(row)));
        answer.onNext(rows.build());
        answer.onCompleted();
    }

    private static InferenceFilter filter(ListInferencesRequest request) {
        int limit = request.getLimit() == 0 ? DEFAULT_ROWS : request.getLimit();
        if (limit < 1 || limit > MOST_ROWS) {
            throw invalid("limit is " + request.getLimit() + "; it must be from 1 to " + MOST_ROWS);
        }
        return new InferenceFilter(
                given(request.getInferenceId()).map(InferencesService::id),
                given(request.getModel()).map(InferencesService::storable),
                given(request.getStatus()).map(InferencesService::status),
                limit);
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    "inference_id is "
                            + Quoted.of(text)
                            + "; it must be a UUID, such as the one beside an answer");
        }
    }

    private static String storable(String model) {
        if (model.indexOf('\0') >= 0) {
            throw invalid("model is " + Quoted.of(model) + "; no name holds a zero character");
        }
        return model;
    }

    private static String status(String text) {
        boolean known =
                Arrays.stream(Status.Code.values()).anyMatch(code -> code.name().equals(text));
        if (!known) {
            throw invalid(
                    "status is "
                            + Quoted.of(text)
                            + "; it must be one of "
                            + Arrays.toString(Status.Code.values()));
        }
        return text;
    }

    private static RuntimeException invalid(String why) {
        return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
    }

    private static InferenceRow wire(io.longspan.store.inference.InferenceRow row) {
        return InferenceRow.newBuilder()
                .setInferenceId(row.id().toString())
                .setAt(time(row.at()))
                .setCaller(row.caller())
                .setMethod(row.method())
                .setModel(row.model())
                .setModelVersion(row.modelVersion())
                .setBackend(row.backend())
                .setBackendVersion(row.backendVersion())
                .setPrecision(row.precision())
                .setTokens(row.tokens())
                .setTokenizeTime(Durations.of(row.tokenizeNanos()))
                .setQueueTime(Durations.of(row.queueNanos()))
                .setComputeTime(Durations.of(row.computeNanos()))
                .setTotalTime(Durations.of(row.totalNanos()))
                .setBatchSize(row.batchSize())
                .setStatus(row.status())
                .setMessage(row.message())
                .setPayloadDigest(row.payloadDigest())
                .build();
    }

    private static Timestamp time(Instant at) {
        long seconds = at.getEpochSecond();
        int nanos = at.getNano();
        return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }
}
