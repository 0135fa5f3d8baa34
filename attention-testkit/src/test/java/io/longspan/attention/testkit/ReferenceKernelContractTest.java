package io.longspan.attention.testkit;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.mutant.Flaw;
import io.longspan.attention.testkit.mutant.ReferenceProvider;

/** A kernel that is right passes the whole contract. */
final class ReferenceKernelContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new ReferenceProvider(Flaw.NONE);
    }
}
