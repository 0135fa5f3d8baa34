package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;

/** One call of a backend of either kind outside an encoder, for benchmarks and checks. */
public final class AttentionRun {
    private AttentionRun() {}

    /**
     * The attention output of one layer without an offset bias.
     *
     * @param query [T, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @return [T, H, D], in the query's manager
     */
    public static NDArray once(
            AttentionBackend backend,
            NDArray query,
            NDArray key,
            NDArray value,
            SequenceLayout layout,
            AttentionPattern pattern) {
        try (AttentionSession session = AttentionSession.open(backend, layout)) {
            return session.forward(query, key, value, new LayerWindow(pattern, null, 0));
        }
    }
}
