package io.longspan.attention.loop;

import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.DeclaredBackend;

/** The backend: refuses what it cannot do and runs the rest; it keeps nothing between calls. */
final class LoopAttention extends DeclaredBackend implements ComposedBackend {
    LoopAttention(LoopAttentionProvider provider) {
        super(provider);
    }

    @Override
    public ComposedResult forward(ComposedCall call) {
        admit(call.workload());
        try (LoopForward forward = new LoopForward(call)) {
            return forward.run();
        }
    }
}
