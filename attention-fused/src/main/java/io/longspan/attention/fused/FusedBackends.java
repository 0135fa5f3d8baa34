package io.longspan.attention.fused;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import org.jspecify.annotations.Nullable;

/** Makes the backend where the Vector API is there. */
final class FusedBackends {
    private FusedBackends() {}

    static FusedAttention make(FusedAttentionProvider provider, BackendContext context) {
        TileMath math = math(context.options().text(FusedAttentionProvider.VECTOR_BITS));
        FusedAttention backend =
                new FusedAttention(provider, math, context, library(math, context.options()));
        if (math.hasVectors() && context.options().flag(FusedAttentionProvider.WARM_UP)) {
            WarmUp.run(backend, math);
        }
        return backend;
    }

    private static @Nullable TileLibrary library(TileMath math, BackendOptions options) {
        // Scalar loops are what everything else is checked against.
        boolean wanted = math.hasVectors() && options.flag(FusedAttentionProvider.BF16_PRODUCTS);
        return wanted && TileLibrary.open() instanceof TileLibrary.There(TileLibrary library)
                ? library
                : null;
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
