package io.longspan.attention.testkit;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.testkit.mutant.ComposedFlaw;
import io.longspan.attention.testkit.mutant.ComposedProvider;

/** A composed backend that is right passes the whole contract. */
final class ComposedBackendContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new ComposedProvider(ComposedFlaw.NONE);
    }
}
