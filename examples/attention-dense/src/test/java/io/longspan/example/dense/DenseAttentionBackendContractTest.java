package io.longspan.example.dense;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.AttentionBackendContract;

/** All that a third party has to write to know that its backend is right. */
final class DenseAttentionBackendContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new DenseAttentionProvider();
    }
}
