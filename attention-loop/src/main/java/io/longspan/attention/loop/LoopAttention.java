package io.longspan.attention.loop;

import io.longspan.attention.Capabilities;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;

/** The backend: refuses what it cannot do and runs the rest; it keeps nothing between calls. */
final class LoopAttention implements ComposedBackend {
    private final Capabilities capabilities;
    private volatile boolean closed;

    LoopAttention(Capabilities capabilities) {
        this.capabilities = capabilities;
    }

    @Override
    public Support supports(Workload workload) {
        requireOpen();
        return capabilities.check(workload);
    }

    @Override
    public ComposedResult forward(ComposedCall call) {
        requireOpen();
        supports(call.workload()).orThrow(LoopAttentionProvider.NAME);
        try (LoopForward forward = new LoopForward(call)) {
            return forward.run();
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "attention backend 'loop' is closed; create another from its provider");
        }
    }
}
