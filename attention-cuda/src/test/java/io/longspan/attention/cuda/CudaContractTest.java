package io.longspan.attention.cuda;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.AttentionBackendContract;

/** The whole contract on the machine's own GPU; aborted with the reason where there is none. */
final class CudaContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new CudaAttentionProvider();
    }
}
