package io.longspan.model;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.chunks.ChunksAttentionProvider;
import io.longspan.attention.fused.FusedAttentionProvider;
import io.longspan.attention.loop.LoopAttentionProvider;
import java.util.Map;

/** Backends by name, without a selection. */
public final class Backends {
    private Backends() {}

    /** An open backend, the caller's to close. */
    public static AttentionBackend of(String name) {
        return switch (name) {
            case "loop" -> make(new LoopAttentionProvider(), Map.of());
            case "chunks" -> make(new ChunksAttentionProvider(), Map.of());
            case "fused" -> make(new FusedAttentionProvider(), Map.of("warm-up", "false"));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static AttentionBackend make(
            AttentionBackendProvider provider, Map<String, String> options) {
        return provider.create(
                new BackendContext(
                        BackendOptions.of(provider.name(), provider.options(), options),
                        Device.CPU,
                        1));
    }
}
