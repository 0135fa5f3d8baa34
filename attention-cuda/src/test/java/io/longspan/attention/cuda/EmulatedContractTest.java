package io.longspan.attention.cuda;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.AttentionBackendContract;

/**
 * The whole contract on the shipped kernels, unmodified, in an emulated GPU: from the Java backend
 * through a driver library down to the index of every fragment.
 */
final class EmulatedContractTest extends AttentionBackendContract {
    private final Emulation emulation = Emulation.shipped();

    @Override
    protected AttentionBackendProvider provider() {
        emulation.logging(false);
        return emulation.provider();
    }
}
