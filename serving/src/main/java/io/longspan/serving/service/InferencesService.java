package io.longspan.serving.service;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longspan.api.KeptMessages;
import io.longspan.api.v1.DeletePayloadsRequest;
import io.longspan.api.v1.DeletePayloadsResponse;
import io.longspan.api.v1.GetPayloadRequest;
import io.longspan.api.v1.GetPayloadResponse;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.InferencesGrpc;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ListInferencesResponse;
import io.longspan.model.Quoted;
import io.longspan.serving.spool.SpoolDrainer;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.InferencePayload;
import io.longspan.store.inference.InferencePayloads;
import io.longspan.store.inference.Inferences;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads the log of inferences, what this server has not moved to the database yet included, and
 * what was said where that is kept.
 */
public final class InferencesService extends InferencesGrpc.InferencesImplBase {
    private static final int DEFAULT_ROWS = 50;
    private static final int MOST_ROWS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Inferences inferences;
    private final InferencePayloads payloads;
    private final SpoolDrainer drainer;

    /** A service over tables and a drainer that outlive it. */
    public InferencesService(
            Inferences inferences, InferencePayloads payloads, SpoolDrainer drainer) {
        this.inferences = inferences;
        this.payloads = payloads;
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

    @Override
    public void getPayload(GetPayloadRequest request, StreamObserver<GetPayloadResponse> answer) {
        UUID id = id(request.getInferenceId());
        drainer.flush(PATIENCE);
        InferencePayload payload = payloads.find(id).orElseThrow(() -> nothingKept(id));
        String method =
                inferences.list(InferenceFilter.one(id)).stream()
                        .map(io.longspan.store.inference.InferenceRow::method)
                        .findFirst()
                        .orElseThrow(() -> nothingKept(id));
        KeptMessages asked =
                KeptMessages.request(method, payload.requestBytes(), payload.requestSize());
        KeptMessages answered =
                KeptMessages.answer(method, payload.answerBytes(), payload.answerSize());
        answer.onNext(
                GetPayloadResponse.newBuilder()
                        .setInferenceId(id.toString())
                        .setMethod(method)
                        .setRequest(asked.json())
                        .setRequestSize(payload.requestSize())
                        .setRequestCut(asked.cut())
                        .setAnswer(answered.json())
                        .setAnswerSize(payload.answerSize())
                        .setAnswerCut(answered.cut())
                        .setEndsAt(time(payload.endsAt()))
                        .build());
        answer.onCompleted();
    }

    private static RuntimeException nothingKept(UUID id) {
        return Status.NOT_FOUND
                .withDescription(
                        "of inference '"
                                + id
                                + "' no payload is kept: servers keep payloads only with longspan.serve.payloads.keep-days, and until then or until they are deleted")
                .asRuntimeException();
    }

    @Override
    public void deletePayloads(
            DeletePayloadsRequest request, StreamObserver<DeletePayloadsResponse> answer) {
        if (request.getCaller().isEmpty()) {
            throw invalid("caller is empty; name the caller whose payloads are to be deleted");
        }
        Instant now = Instant.now();
        Instant before = request.hasBefore() ? instant("before", request.getBefore()) : now;
        if (before.isAfter(now)) {
            throw invalid(
                    "before is "
                            + before
                            + ", which is yet to come; leave it out, or name a time that is past");
        }
        // What a spool still holds is kept out when it comes; this is for the count.
        drainer.flush(PATIENCE);
        long deleted = payloads.delete(request.getCaller(), before);
        answer.onNext(DeletePayloadsResponse.newBuilder().setDeleted(deleted).build());
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
                given(request.getCaller()).map(caller -> caller.replace('\0', '\uFFFD')),
                request.hasFrom()
                        ? Optional.of(instant("from", request.getFrom()))
                        : Optional.empty(),
                request.hasTo() ? Optional.of(instant("to", request.getTo())) : Optional.empty(),
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
                .setTrace(row.trace())
                .build();
    }

    private static Instant instant(String field, Timestamp time) {
        if (!Timestamps.isValid(time)) {
            throw invalid(
                    field
                            + " is "
                            + time.getSeconds()
                            + " seconds and "
                            + time.getNanos()
                            + " nanoseconds; it must be a time from the year 1 to 9999");
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static Timestamp time(Instant at) {
        long seconds = at.getEpochSecond();
        int nanos = at.getNano();
        return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }
}
