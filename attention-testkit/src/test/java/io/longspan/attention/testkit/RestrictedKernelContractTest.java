package io.longspan.attention.testkit;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.Capabilities;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.testkit.mutant.Flaw;
import io.longspan.attention.testkit.mutant.ReferenceProvider;
import java.util.Set;

/** A kernel that declares nothing, and refuses everything else, passes too. */
final class RestrictedKernelContractTest extends AttentionBackendContract {
    @Override
    protected AttentionBackendProvider provider() {
        return new ReferenceProvider(
                Flaw.NONE,
                new Capabilities(
                        Set.of(),
                        Set.of(),
                        Set.of(ElementType.FP32),
                        Set.of(Device.Kind.CPU),
                        16,
                        64));
    }
}
