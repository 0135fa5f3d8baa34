package io.longspan.attention.chunks;

import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.DeclaredBackend;

/** The backend: refuses what it cannot do and runs the rest; it keeps nothing between calls. */
final class ChunksAttention extends DeclaredBackend implements ComposedBackend {
    ChunksAttention(ChunksAttentionProvider provider) {
        super(provider);
    }

    @Override
    public ComposedResult forward(ComposedCall call) {
        admit(call.workload());
        try (ChunksForward forward = new ChunksForward(call)) {
            return forward.run();
        }
    }
}
