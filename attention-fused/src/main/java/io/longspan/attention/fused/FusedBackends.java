package io.longspan.attention.fused;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.BackendContext;

/** Makes the backend where the Vector API is there. */
final class FusedBackends {
    private FusedBackends() {}

    static FusedAttention make(FusedAttentionProvider provider, BackendContext context) {
        TileMath math = math(context.options().text(FusedAttentionProvider.VECTOR_BITS));
        FusedAttention backend = new FusedAttention(provider, math, context);
        if (math.hasVectors() && context.options().flag(FusedAttentionProvider.WARM_UP)) {
            WarmUp.run(backend, math);
        }
        return backend;
    }

    private static TileMath math(String bits) {
        return switch (bits) {
            case "scalar" -> TileMath.scalar();
            case "auto" -> VectorMaths.of(Math.min(512, VectorMaths.widest()));
            default -> wide(Integer.parseInt(bits));
        };
    }

    private static TileMath wide(int bits) {
        if (bits > VectorMaths.widest()) {
            throw new AttentionConfigurationException(
                    "option 'vector-bits' of attention backend 'fused' is '"
                            + bits
                            + "'; this machine has vectors of "
                            + VectorMaths.widest()
                            + " bits, so take that, fewer or auto");
        }
        return VectorMaths.of(bits);
    }
}
