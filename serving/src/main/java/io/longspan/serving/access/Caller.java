package io.longspan.serving.access;

import io.grpc.Context;

/** Who makes the call that the current thread works on. */
final class Caller {
    /** Who calls without a key. */
    static final String ANONYMOUS = "anonymous";

    static final Context.Key<String> CURRENT = Context.keyWithDefault("longspan-caller", ANONYMOUS);

    private Caller() {}
}
