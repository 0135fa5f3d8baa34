package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ComposedSessionTest {
    /** As many numbers in another order would pass every later reshape and give a wrong answer. */
    @Test
    void anOutputOfAnotherShapeIsRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray tensor = manager.ones(new Shape(6, 2, 4)); // [T, H, D]
            AttentionSession session =
                    AttentionSession.open(new HeadFirst(), SequenceLayout.allLocal(6));
            assertThatThrownBy(() ->
                            session.forward(
                                    tensor,
                                    tensor,
                                    tensor,
                                    new LayerWindow(AttentionPattern.symmetric(2, 1, 4), null, 0)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("HeadFirst returned shape (2, 6, 4)")
                    .hasMessageContaining("(6, 2, 4)");
        }
    }

    /** A backend that forgets to turn its result back. */
    private static final class HeadFirst implements ComposedBackend {
        @Override
        public Support supports(Workload workload) {
            return Support.of(List.of());
        }

        @Override
        public ComposedResult forward(ComposedCall call) {
            return new ComposedResult(call.value().transpose(1, 0, 2), null);
        }

        @Override
        public void close() {}
    }
}
