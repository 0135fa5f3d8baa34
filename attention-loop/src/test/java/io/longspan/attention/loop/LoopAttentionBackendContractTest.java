package io.longspan.attention.loop;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.AttentionBackendContract;

final class LoopAttentionBackendContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new LoopAttentionProvider();
    }
}
