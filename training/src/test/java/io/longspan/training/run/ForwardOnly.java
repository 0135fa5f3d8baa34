package io.longspan.training.run;

import io.longspan.attention.Capabilities;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.Feature;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;

/** A backend that declares no gradients; nothing is ever to be computed by it. */
final class ForwardOnly implements ComposedBackend {
    @Override
    public Support supports(Workload workload) {
        return Capabilities.everythingOnCpu()
                .without(Feature.GRADIENTS, Feature.DROPOUT)
                .check(workload);
    }

    @Override
    public ComposedResult forward(ComposedCall call) {
        throw new AssertionError("a refused backend was called");
    }

    @Override
    public void close() {}
}
