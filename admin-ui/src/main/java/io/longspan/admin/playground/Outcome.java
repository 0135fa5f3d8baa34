package io.longspan.admin.playground;

import io.longspan.api.v1.CallInfo;
import java.util.List;

/**
 * What came back.
 *
 * @param call who computed it and what it cost
 * @param roundTripNanos from the console's view
 * @param columns words of the bundle
 * @param rows texts, one per column
 * @param pieces the text token by token; empty where tokens were not asked for
 */
public record Outcome(
        Call call,
        long roundTripNanos,
        List<String> columns,
        List<List<String>> rows,
        List<Piece> pieces) {
    /**
     * The facts of a call.
     *
     * @param id of its row in the log
     * @param model that answered, with its version
     * @param backend that ran, with its version
     * @param precision of the linear layers
     * @param tokens that went in
     * @param tokenizeNanos text to tokens
     * @param queueNanos waiting
     * @param computeNanos in the model
     * @param batch requests that shared it
     */
    public record Call(
            String id,
            String model,
            String backend,
            String precision,
            int tokens,
            long tokenizeNanos,
            long queueNanos,
            long computeNanos,
            int batch) {
        static Call of(CallInfo info) {
            return new Call(
                    info.getInferenceId(),
                    (info.getModel() + " " + info.getModelVersion()).strip(),
                    (info.getBackend() + " " + info.getBackendVersion()).strip(),
                    info.getPrecision(),
                    info.getTokens(),
                    nanos(info.getTokenizeTime()),
                    nanos(info.getQueueTime()),
                    nanos(info.getComputeTime()),
                    info.getBatchSize());
        }

        private static long nanos(com.google.protobuf.Duration time) {
            return time.getSeconds() * 1_000_000_000L + time.getNanos();
        }
    }

    /**
     * A token over the text.
     *
     * @param position in the sequence
     * @param text that it covers, or its name where it covers none
     * @param heat from 0, not attended, to 5, attended most
     * @param asked whether it is the one that looks
     */
    public record Piece(int position, String text, int heat, boolean asked) {}
}
