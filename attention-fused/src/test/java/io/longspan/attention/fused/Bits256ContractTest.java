package io.longspan.attention.fused;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.AttentionBackendContract;
import java.util.Map;

final class Bits256ContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new FusedAttentionProvider();
    }

    @Override
    protected Map<String, String> options() {
        return Map.of("vector-bits", "256", "warm-up", "false");
    }
}
