package io.longspan.store.inference;

import java.time.Instant;
import java.util.UUID;

/**
 * One call that a client made, and how it ended. Texts that are not known, such as the model of a
 * call for an unknown model, are what the caller asked for, or empty.
 *
 * @param id given out with the answer
 * @param at when the call came in
 * @param caller who called
 * @param method full gRPC method, such as {@code longspan.v1.Inference/Embed}
 * @param model name
 * @param modelVersion version
 * @param backend attention backend that ran
 * @param backendVersion its version
 * @param precision arithmetic of the linear layers
 * @param tokens that went into the model
 * @param tokenizeNanos text to tokens
 * @param queueNanos waiting for the model
 * @param computeNanos in the model
 * @param totalNanos from the call to its end
 * @param batchSize requests that shared the batch; 0 when the model was not reached
 * @param status gRPC status that the client received
 * @param message what was said with it
 * @param payloadDigest SHA-256 of the request's bytes, in hex
 * @param trace identity of the caller's trace, as W3C Trace Context writes it; empty for none
 */
public record InferenceRow(
        UUID id,
        Instant at,
        String caller,
        String method,
        String model,
        String modelVersion,
        String backend,
        String backendVersion,
        String precision,
        int tokens,
        long tokenizeNanos,
        long queueNanos,
        long computeNanos,
        long totalNanos,
        int batchSize,
        String status,
        String message,
        String payloadDigest,
        String trace) {
    /** One that is part of no trace. */
    public InferenceRow(
            UUID id,
            Instant at,
            String caller,
            String method,
            String model,
            String modelVersion,
            String backend,
            String backendVersion,
            String precision,
            int tokens,
            long tokenizeNanos,
            long queueNanos,
            long computeNanos,
            long totalNanos,
            int batchSize,
            String status,
            String message,
            String payloadDigest) {
        this(
                id,
                at,
                caller,
                method,
                model,
                modelVersion,
                backend,
                backendVersion,
                precision,
                tokens,
                tokenizeNanos,
                queueNanos,
                computeNanos,
                totalNanos,
                batchSize,
                status,
                message,
                payloadDigest,
                "");
    }
}
