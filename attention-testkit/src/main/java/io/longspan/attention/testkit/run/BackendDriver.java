package io.longspan.attention.testkit.run;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.Device;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;

/**
 * Runs cases on one backend. It owns neither the backend nor the tensors; each call makes and frees
 * its own memory, so calls may come from several threads where the backend allows it.
 *
 * <p>Each call fails with an {@link AssertionError} when the backend wrote into an input or, for a
 * kernel, outside of a buffer.
 */
public interface BackendDriver {
    /** A driver for either kind of backend; {@code memory} is used for a kernel only. */
    static BackendDriver of(AttentionBackend backend, KernelMemory memory) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedDriver(composed);
            case KernelBackend kernel -> new KernelDriver(kernel, memory);
        };
    }

    /** The backend it runs. */
    AttentionBackend backend();

    /** The kind of device that holds the tensors. */
    Device.Kind device();

    /** Whether gradients may be asked from several threads at once. */
    boolean concurrentGradients();

    /** Runs for inference. */
    Answer forward(AttentionCase asked, AttentionTensors tensors, boolean wantLogSumExp);

    /** Runs forward and the gradient of sum(output * outputGradient). */
    GradientAnswer gradients(AttentionCase asked, AttentionTensors tensors);

    /**
     * As {@link #gradients}, after the garbage collector has run between the two passes.
     *
     * <p>DJL lends the memory of Java buffers to arrays made of Java arrays, and takes it back when
     * such an array is closed and collected, even when autograd still needs it. A composed backend
     * has to copy what it makes on the host before autograd may keep it.
     */
    GradientAnswer gradientsAfterCollection(AttentionCase asked, AttentionTensors tensors);
}
