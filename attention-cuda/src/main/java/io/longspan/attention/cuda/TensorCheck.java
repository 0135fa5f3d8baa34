package io.longspan.attention.cuda;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.TensorView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Refuses tensors that a plan was not made for, before anything is launched. */
final class TensorCheck {
    private final CudaPlan plan;
    private final int ordinal;

    TensorCheck(CudaPlan plan, int ordinal) {
        this.plan = plan;
        this.ordinal = ordinal;
    }

    /** A tensor [R, H, D] of the workload's type. */
    void rows(String name, TensorView view) {
        elements(name, view, plan.rowCount());
    }

    /** A tensor [T, H, D] of the workload's type. */
    void tokens(String name, TensorView view) {
        elements(name, view, plan.layout().tokens());
    }

    /** A tensor [R, H] in float32. */
    void perRow(String name, TensorView view) {
        require(name, view, ElementType.FP32, plan.rowCount(), plan.pattern().heads());
    }

    /** A tensor [H, columns] in float32 exactly when the pattern declares an offset bias. */
    void bias(String name, @Nullable TensorView view) {
        AttentionPattern pattern = plan.pattern();
        if (pattern.offsetBias() != (view != null)) {
            throw new IllegalArgumentException(
                    "the pattern declares "
                            + (pattern.offsetBias() ? "an" : "no")
                            + " offset bias and the call has "
                            + (view == null ? "no" : "a")
                            + " tensor '"
                            + name
                            + "'; pass it exactly when the pattern declares one");
        }
        if (view != null) {
            require(name, view, ElementType.FP32, pattern.heads(), pattern.biasColumns());
        }
    }

    private void elements(String name, TensorView view, long rows) {
        require(
                name,
                view,
                plan.workload().type(),
                rows,
                plan.pattern().heads(),
                plan.workload().headSize());
    }

    private void require(String name, TensorView view, ElementType type, long... shape) {
        if (view.type() != type || !Arrays.equals(view.shape(), shape)) {
            throw refusal(name, view, "must be " + type + " " + Arrays.toString(shape));
        }
        Device device = view.device();
        if (device.kind() != plan.workload().device()) {
            throw refusal(name, view, "must be on " + plan.workload().device());
        }
        if (device.kind() == Device.Kind.CUDA && device.index() != ordinal) {
            throw refusal(
                    name, view, "is on GPU " + device.index() + " and must be on GPU " + ordinal);
        }
    }

    private static IllegalArgumentException refusal(String name, TensorView view, String allowed) {
        return new IllegalArgumentException("tensor '" + name + "' is " + view + "; it " + allowed);
    }
}
