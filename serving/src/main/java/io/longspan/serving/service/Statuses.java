package io.longspan.serving.service;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.model.ModelInputException;
import io.longspan.model.session.InferenceRefusedException;
import io.longspan.serving.ServingException;
import io.longspan.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** The one place where what went wrong becomes a gRPC status. */
public final class Statuses {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

    private Statuses() {}

    /**
     * The status of a problem. What a caller can do nothing about is INTERNAL: logged with its
     * stack trace, and without the exception's text for the caller.
     *
     * @param where what was being done, for the log
     */
    static Status of(Throwable problem, String where) {
        return switch (problem) {
            case StatusRuntimeException e
                    when e.getCause() instanceof InvalidProtocolBufferException why ->
                    Status.INVALID_ARGUMENT.withDescription(
                            "the request is no message of the method's type ("
                                    + why.getMessage()
                                    + "); send what the proto file says");
            case StatusRuntimeException e -> e.getStatus();
            case StatusException e -> e.getStatus();
            case InferenceRefusedException e -> code(e).withDescription(e.getMessage());
            case ModelInputException e -> Status.INVALID_ARGUMENT.withDescription(e.getMessage());
            case UnsupportedWorkloadException e ->
                    Status.FAILED_PRECONDITION.withDescription(e.getMessage());
            case ServingException e -> Status.FAILED_PRECONDITION.withDescription(e.getMessage());
            case AttentionConfigurationException e ->
                    Status.FAILED_PRECONDITION.withDescription(e.getMessage());
            case DataAccessResourceFailureException e -> databaseAway(e);
            case TransientDataAccessException e -> databaseAway(e);
            case StoreUnavailableException e -> databaseAway(e);
            case CannotCreateTransactionException e -> databaseAway(e);
            default -> {
                LOG.error("{} failed", where, problem);
                yield Status.INTERNAL.withDescription(
                        "the server failed on this call; its log says more");
            }
        };
    }

    /** What an exception wants sent with its status; nothing for most. */
    static Metadata trailers(Throwable problem) {
        Metadata wanted = Status.trailersFromThrowable(problem);
        return wanted == null ? new Metadata() : wanted;
    }

    private static Status code(InferenceRefusedException refused) {
        return switch (refused.reason()) {
            case EMPTY_TEXT, TOO_LONG, NO_MASK, TOP_K -> Status.INVALID_ARGUMENT;
            case NO_HEAD -> Status.FAILED_PRECONDITION;
        };
    }

    private static Status databaseAway(Exception problem) {
        LOG.warn("the database cannot be used: {}", problem.getMessage());
        return Status.UNAVAILABLE.withDescription(
                "the database cannot be reached now; try again later");
    }
}
