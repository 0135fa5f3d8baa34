package io.longspan.attention.fused;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The memory of one call and what it wrote; for the tests of this package. */
final class Calls implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int headSize;
    private final List<MemorySegment> inputs = new ArrayList<>();
    private final List<MemorySegment> outputs = new ArrayList<>();
    private final ForwardTensors forward;
    private final BackwardTensors backward;

    Calls(SequenceLayout layout, AttentionPattern pattern, int headSize, long seed) {
        this.layout = layout;
        this.pattern = pattern;
        this.headSize = headSize;
        Random random = new Random(seed);
        TensorView bias =
                pattern.offsetBias()
                        ? random(random, pattern.heads(), pattern.biasColumns())
                        : null;
        forward =
                new ForwardTensors(
                        rows(random), rows(random), rows(random), bias, rows(null), null);
        backward =
                new BackwardTensors(
                        forward.query(),
                        forward.key(),
                        forward.value(),
                        bias,
                        forward.output(),
                        rows(random),
                        rows(null),
                        rows(null),
                        rows(null),
                        bias == null ? null : random(null, pattern.heads(), pattern.biasColumns()));
    }

    static FusedAttention backend(int threads, Map<String, String> options) {
        FusedAttentionProvider provider = new FusedAttentionProvider();
        return (FusedAttention)
                provider.create(
                        new BackendContext(
                                BackendOptions.of("fused", provider.options(), options),
                                Device.CPU,
                                threads));
    }

    AttentionPlan plan(FusedAttention backend) {
        Set<Feature> calls = layout.features();
        calls.add(Feature.GRADIENTS);
        if (pattern.dropout() > 0) {
            calls.add(Feature.DROPOUT);
        }
        return backend.plan(layout, QueryRows.all(), Workload.onCpu(pattern, headSize, calls));
    }

    /** The randomness of {@link #run}. */
    static AttentionDropout dropout(int sequences) {
        return AttentionDropout.of(1, 2, 3, new long[sequences]);
    }

    /** Output, dq, dk, dv and dBias after a forward and a backward pass. */
    List<float[]> run(FusedAttention backend) {
        AttentionDropout dropout = null;
        if (pattern.dropout() > 0) {
            dropout = dropout(layout.sequences());
        }
        try (AttentionPlan plan = plan(backend);
                SavedForward saved = backend.forwardForGradient(plan, forward, dropout)) {
            backend.backward(plan, saved, backward);
        }
        return outputs.stream().map(m -> m.toArray(ValueLayout.JAVA_FLOAT)).toList();
    }

    ForwardTensors forward() {
        return forward;
    }

    /** What the last pass wrote, [T, H, D]. */
    float[] output() {
        return outputs.getFirst().toArray(ValueLayout.JAVA_FLOAT);
    }

    BackwardTensors backward() {
        return backward;
    }

    /** Bias if there is one, query, key, value, output gradient. */
    List<float[]> inputs() {
        return inputs.stream().map(m -> m.toArray(ValueLayout.JAVA_FLOAT)).toList();
    }

    private TensorView rows(@Nullable Random random) {
        return random(random, layout.tokens(), pattern.heads(), headSize);
    }

    private TensorView random(@Nullable Random random, long... shape) {
        long elements = 1;
        for (long n : shape) {
            elements *= n;
        }
        MemorySegment memory = arena.allocate(elements * Float.BYTES, Float.BYTES);
        for (long i = 0; i < elements; i++) {
            float number = random == null ? Float.NaN : (float) random.nextGaussian();
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, number);
        }
        (random == null ? outputs : inputs).add(memory);
        return TensorView.of(memory, ElementType.FP32, shape);
    }

    @Override
    public void close() {
        arena.close();
    }
}
