package io.longspan.attention.chunks;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.AttentionBackendContract;

final class ChunksAttentionBackendContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new ChunksAttentionProvider();
    }
}
