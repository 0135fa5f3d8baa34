package io.longspan.attention.testkit.run;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.SavedForward;
import io.longspan.attention.Workload;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.ArrayList;
import java.util.List;

/** Runs a kernel backend on plain memory. */
public final class KernelDriver implements BackendDriver {
    private final KernelBackend backend;
    private final KernelMemory memory;

    KernelDriver(KernelBackend backend, KernelMemory memory) {
        this.backend = backend;
        this.memory = memory;
    }

    @Override
    public KernelBackend backend() {
        return backend;
    }

    @Override
    public Device.Kind device() {
        return memory.device().kind();
    }

    @Override
    public boolean concurrentGradients() {
        return true;
    }

    @Override
    public Answer forward(AttentionCase asked, AttentionTensors tensors, boolean wantLogSumExp) {
        try (AttentionPlan plan = plan(asked, wantLogSumExp, false);
                KernelCall call = open(asked, tensors, wantLogSumExp)) {
            backend.forward(plan, call.forward(), asked.dropout());
            return call.answer();
        }
    }

    /** As {@link #forward}, with key, value and query as strided views of one buffer. */
    public Answer forwardPacked(AttentionCase asked, AttentionTensors tensors) {
        try (AttentionPlan plan = plan(asked, false, false);
                KernelCall call = new KernelCall(memory, asked, tensors, false, true)) {
            backend.forward(plan, call.forward(), asked.dropout());
            return call.answer();
        }
    }

    @Override
    public GradientAnswer gradients(AttentionCase asked, AttentionTensors tensors) {
        try (AttentionPlan plan = plan(asked, false, true);
                KernelCall call = open(asked, tensors, false)) {
            return gradients(plan, asked, call);
        }
    }

    /** A kernel keeps what it saves itself: the collector changes nothing. */
    @Override
    public GradientAnswer gradientsAfterCollection(AttentionCase asked, AttentionTensors tensors) {
        return gradients(asked, tensors);
    }

    /** As {@link #gradients}, with key, value and query as strided views of one buffer. */
    public GradientAnswer gradientsPacked(AttentionCase asked, AttentionTensors tensors) {
        try (AttentionPlan plan = plan(asked, false, true);
                KernelCall call = new KernelCall(memory, asked, tensors, false, true)) {
            return gradients(plan, asked, call);
        }
    }

    /** A plan for a case; the caller closes it. */
    public AttentionPlan plan(AttentionCase asked, boolean wantLogSumExp, boolean gradients) {
        List<Feature> extra = new ArrayList<>();
        if (wantLogSumExp) {
            extra.add(Feature.LOG_SUM_EXP);
        }
        if (gradients) {
            extra.add(Feature.GRADIENTS);
        }
        Workload workload = asked.workload(device(), extra.toArray(Feature[]::new));
        return backend.plan(asked.layout(), asked.rows(), workload);
    }

    /** The memory of a call; the caller closes it. */
    public KernelCall open(AttentionCase asked, AttentionTensors tensors, boolean wantLogSumExp) {
        return new KernelCall(memory, asked, tensors, wantLogSumExp, false);
    }

    private GradientAnswer gradients(AttentionPlan plan, AttentionCase asked, KernelCall call) {
        try (SavedForward saved =
                backend.forwardForGradient(plan, call.forward(), asked.dropout())) {
            backend.backward(plan, saved, call.backward());
        }
        return call.gradients();
    }
}
