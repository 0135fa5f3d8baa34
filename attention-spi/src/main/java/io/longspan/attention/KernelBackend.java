package io.longspan.attention;

import org.jspecify.annotations.Nullable;

/**
 * A backend on raw memory with an explicit backward. It needs neither DJL nor NDArrays, so the
 * contract kit runs it on plain memory.
 */
public non-sealed interface KernelBackend extends AttentionBackend {
    /**
     * Prepares what depends on the shape of the batch and the pattern alone: tile lists, device
     * copies of roles, workspace sizes. Layers with equal patterns share a plan, and so do forward
     * and backward. The caller closes it.
     *
     * @throws UnsupportedWorkloadException when {@link #supports} refuses the workload
     */
    AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload);

    /**
     * Computes the output, for inference.
     *
     * @param dropout the randomness of this call, or null for none
     */
    void forward(AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout);

    /**
     * Computes the same output, bit for bit, and keeps what {@link #backward} needs. The caller
     * closes the result; inputs and output are not kept by it and have to be passed again.
     */
    SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout);

    /**
     * Computes the gradients of one forward pass. They are written, not added, over whatever the
     * memory held; rows of {@code queryGradient} for GLOBAL and MASKED tokens and rows of {@code
     * keyGradient} and {@code valueGradient} for MASKED tokens are exactly zero. Rows of {@code
     * outputGradient} for GLOBAL and MASKED tokens are ignored, NaN or not.
     *
     * @param saved of the forward pass with the same plan and tensors; used once
     * @throws IllegalStateException when {@code saved} was used or closed before
     */
    void backward(AttentionPlan plan, SavedForward saved, BackwardTensors tensors);
}
