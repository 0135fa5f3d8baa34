package io.longspan.attention.cuda;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.DeclaredBackend;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backend on one GPU. Calls from several threads take turns. Tensors in device memory are used
 * where they are, and the call returns when its kernels are under way; tensors in host memory are
 * copied there and back.
 */
final class CudaAttention extends DeclaredBackend implements KernelBackend {
    private final Gpu gpu;

    CudaAttention(CudaAttentionProvider provider, Gpu gpu) {
        super(provider);
        this.gpu = gpu;
    }

    @Override
    public AttentionPlan plan(SequenceLayout layout, QueryRows rows, Workload workload) {
        admit(workload);
        return gpu.with(workload.device(), () -> new CudaPlan(gpu, layout, rows, workload));
    }

    @Override
    public void forward(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        CudaPlan own = own(plan);
        check(own, tensors);
        gpu.with(own.workload().device(), () -> run(own, tensors, dropout, 0));
    }

    @Override
    public SavedForward forwardForGradient(
            AttentionPlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        CudaPlan own = own(plan);
        check(own, tensors);
        return gpu.with(
                own.workload().device(),
                () -> {
                    DeviceBlock softmax = gpu.allocate(2 * own.rowBytes());
                    boolean kept = false;
                    try {
                        run(own, tensors, dropout, softmax.address());
                        kept = true;
                        return new CudaSaved(own, dropout, softmax);
                    } finally {
                        if (!kept) {
                            softmax.close();
                        }
                    }
                });
    }

    private boolean run(
            CudaPlan plan,
            ForwardTensors tensors,
            @Nullable AttentionDropout dropout,
            long softmax) {
        try (Staging staging = new Staging(gpu)) {
            DeviceView query = staging.input(tensors.query());
            DeviceView key = staging.input(tensors.key());
            DeviceView value = staging.input(tensors.value());
            DeviceView output = staging.output(tensors.output());
            CudaCall call =
                    new CudaCall(gpu, plan, staging, dropout)
                            .view("query", query)
                            .view("key", key)
                            .view("value", value)
                            .view("output", output)
                            .view("logSumExp", staging.outputOrNone(tensors.logSumExp()))
                            .view("bias", staging.inputOrNone(tensors.offsetBias()))
                            .pointer("softmax", softmax);
            call.forward(choice(plan, List.of(query, key, value, output)));
            staging.finish();
            return true;
        }
    }

    @Override
    public void backward(AttentionPlan plan, SavedForward saved, BackwardTensors tensors) {
        CudaPlan own = own(plan);
        check(own, tensors);
        CudaSaved kept = (CudaSaved) saved;
        try (DeviceBlock softmax = kept.take(own)) {
            gpu.with(
                    own.workload().device(),
                    () -> run(own, tensors, kept.dropout(), softmax.address()));
        }
    }

    private boolean run(
            CudaPlan plan,
            BackwardTensors tensors,
            @Nullable AttentionDropout dropout,
            long softmax) {
        try (Staging staging = new Staging(gpu)) {
            DeviceView query = staging.input(tensors.query());
            DeviceView key = staging.input(tensors.key());
            DeviceView value = staging.input(tensors.value());
            DeviceView gradient = staging.input(tensors.outputGradient());
            DeviceView queryGradient = staging.output(tensors.queryGradient());
            DeviceView keyGradient = staging.output(tensors.keyGradient());
            DeviceView valueGradient = staging.output(tensors.valueGradient());
            CudaCall call =
                    new CudaCall(gpu, plan, staging, dropout)
                            .view("query", query)
                            .view("key", key)
                            .view("value", value)
                            .view("output", staging.input(tensors.output()))
                            .view("outputGradient", gradient)
                            .view("queryGradient", queryGradient)
                            .view("keyGradient", keyGradient)
                            .view("valueGradient", valueGradient)
                            .view("bias", staging.inputOrNone(tensors.offsetBias()))
                            .view(
                                    "biasGradient",
                                    staging.outputOrNone(tensors.offsetBiasGradient()))
                            .pointer("softmax", softmax)
                            .pointer("delta", staging.block(plan.rowBytes()))
                            .pointer("partial", staging.block(plan.partialBytes()))
                            .pointer("biasPartial", staging.block(plan.biasBytes()));
            KernelChoice choice =
                    choice(
                            plan,
                            List.of(
                                    query,
                                    key,
                                    value,
                                    gradient,
                                    queryGradient,
                                    keyGradient,
                                    valueGradient));
            call.delta(choice);
            call.queryGradients(choice);
            call.keyGradients(choice);
            if (plan.pattern().offsetBias()) {
                call.biasGradients(choice);
            }
            staging.finish();
            return true;
        }
    }

    private KernelChoice choice(CudaPlan plan, List<DeviceView> views) {
        Workload workload = plan.workload();
        return KernelChoice.of(workload.type(), workload.headSize(), gpu.capability(), views);
    }

    private void check(CudaPlan plan, ForwardTensors tensors) {
        TensorCheck check = new TensorCheck(plan, gpu.ordinal());
        check.rows("query", tensors.query());
        check.tokens("key", tensors.key());
        check.tokens("value", tensors.value());
        check.rows("output", tensors.output());
        TensorView logSumExp = tensors.logSumExp();
        if (logSumExp != null) {
            check.perRow("log-sum-exp", logSumExp);
        }
        check.bias("offset bias", tensors.offsetBias());
    }

    private void check(CudaPlan plan, BackwardTensors tensors) {
        TensorCheck check = new TensorCheck(plan, gpu.ordinal());
        check.rows("query", tensors.query());
        check.tokens("key", tensors.key());
        check.tokens("value", tensors.value());
        check.rows("output", tensors.output());
        check.rows("output gradient", tensors.outputGradient());
        check.rows("query gradient", tensors.queryGradient());
        check.tokens("key gradient", tensors.keyGradient());
        check.tokens("value gradient", tensors.valueGradient());
        check.bias("offset bias", tensors.offsetBias());
        check.bias("offset bias gradient", tensors.offsetBiasGradient());
    }

    private CudaPlan own(AttentionPlan plan) {
        requireOpen();
        if (!(plan instanceof CudaPlan own)) {
            throw new IllegalArgumentException(
                    "the plan is of class "
                            + plan.getClass().getName()
                            + "; make it with this backend");
        }
        String fault = own.whyUnusable();
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return own;
    }

    @Override
    public void close() {
        super.close();
        gpu.close();
    }
}
