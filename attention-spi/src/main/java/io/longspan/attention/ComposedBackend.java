package io.longspan.attention;

/**
 * A backend built of NDArray operations: DJL's autograd differentiates it, and the device is that
 * of its inputs.
 */
public non-sealed interface ComposedBackend extends AttentionBackend {
    /**
     * Computes the attention output of one layer.
     *
     * <p>Results belong to the manager of {@link ComposedCall#query()}; every temporary is released
     * before the return, except what autograd keeps. Gradients of GLOBAL and MASKED output rows are
     * ignored, whatever they hold.
     *
     * @throws UnsupportedWorkloadException when {@link #supports} refuses the call
     */
    ComposedResult forward(ComposedCall call);
}
