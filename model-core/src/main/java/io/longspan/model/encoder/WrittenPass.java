package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.encoder.WrittenSpace.Use;
import io.longspan.model.linear.Matrix;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pass through layers whose way back is written out, in memory that is used again from step to
 * step. The engine has what is before the first layer and after the last, and the rows of global
 * tokens.
 */
final class WrittenPass implements EncoderPass {
    private static final int SHARED = WrittenSpace.SHARED;

    private final WrittenEmbeddings embeddings;
    private final List<WrittenLayer> layers;
    private final @Nullable Norm finalNorm;
    private final SequenceLayout layout;
    private final KeepPlan keeping;
    private final int lowest;
    private final WrittenForward forward;
    private final WrittenAttention attention;
    private final WrittenSpace space;
    private final TrainingKernels kernels;
    private final NDManager scope;
    private final List<LayerLines> lines = new ArrayList<>();
    private final Deque<LayerKeep> keeps = new ArrayDeque<>();
    private @Nullable NDArray last;
    private @Nullable NDArray normed;
    private @Nullable NDArray output;
    private boolean closed;

    WrittenPass(
            Embeddings embeddings,
            List<WrittenLayer> layers,
            @Nullable Norm finalNorm,
            TokenBatch batch,
            KeepPlan keeping,
            int lowest,
            WrittenForward forward,
            WrittenAttention attention,
            TrainingKernels kernels,
            NDManager scope) {
        this.embeddings = new WrittenEmbeddings(embeddings, forward, batch, attention.draw());
        this.layers = layers;
        this.finalNorm = finalNorm;
        layout = batch.layout();
        this.keeping = keeping;
        this.lowest = lowest;
        this.forward = forward;
        this.attention = attention;
        space = forward.space();
        this.kernels = kernels;
        this.scope = scope;
    }

    /** Runs the batch; once, first of all. */
    void forward() {
        embeddings.forward();
        for (int index = 0; index < layers.size(); index++) {
            WrittenLayer layer = layers.get(index);
            LayerLines own = LayerLines.of(layer, layout, attention.draw());
            lines.add(own);
            if (index == Math.max(0, lowest)) {
                rows(SHARED, Use.ENTRY).memory().copyFrom(forward.input().memory());
            }
            boolean kept = index >= lowest;
            LayerKeep.Projected projected = projected(kept ? index : SHARED);
            forward.project(layer, own, projected);
            Matrix context = rows(kept ? index : SHARED, Use.CONTEXT);
            LayerKeep keep = null;
            if (kept) {
                keep =
                        new LayerKeep(
                                rows(index, Use.SUM),
                                context,
                                attention.forwardForGradient(layer, projected, context),
                                keeping.attendedSum(index) ? rows(index, Use.ATTENDED_SUM) : null,
                                keeping.projections(index) ? projected : null,
                                keeping.inner(index) ? inner(index, layer) : null);
                keeps.push(keep);
            } else {
                attention.forward(layer, projected, context);
            }
            attention.putGlobals(layer, context);
            forward.follow(layer, own, context, keep);
        }
        finish();
    }

    private void finish() {
        NDArray hidden =
                scope.create(
                        new Shape(layout.tokens(), forward.width()), DataType.FLOAT32); // [T, N]
        TensorBridge.memory(hidden).copyFrom(forward.input().memory());
        if (finalNorm == null) {
            output = hidden;
            output.setRequiresGradient(true);
        } else {
            last = hidden;
            last.setRequiresGradient(true);
            try (Autograd.Mode _ = Autograd.recording()) {
                normed = finalNorm.apply(last); // [T, N]
            }
            output = Autograd.leaf(normed, scope); // [T, N]
        }
    }

    @Override
    public NDArray output() {
        if (output == null) {
            throw new IllegalStateException(
                    "the pass has no output, or has been gone back through");
        }
        return output;
    }

    @Override
    public void backward() {
        NDArray gradient;
        try (NDArray reached = output()) {
            gradient = Autograd.gathered(reached, scope); // [T, N]
        }
        output = null;
        if (last != null && normed != null) {
            try (NDArray before = last;
                    NDArray after = normed) {
                Autograd.backward(after, gradient);
                gradient.close();
                gradient = Autograd.gathered(before, scope); // [T, N]
            }
        }
        try (NDArray whole = gradient;
                NDArray flat = whole.flatten()) { // [T * N]
            rows(SHARED, Use.GRADIENT).memory().copyFrom(TensorBridge.memory(flat));
        }
        for (int index = layers.size() - 1; index >= Math.max(0, lowest); index--) {
            try (LayerKeep keep = keeps.pop()) {
                back(index, keep);
            }
        }
        if (lowest == EMBEDDINGS) {
            embeddings.backward(rows(SHARED, Use.GRADIENT));
        }
    }

    private void back(int index, LayerKeep keep) {
        WrittenLayer layer = layers.get(index);
        LayerLines own = lines.get(index);
        LayerKeep below = keeps.peek();
        if (below == null) {
            forward.input().memory().copyFrom(rows(SHARED, Use.ENTRY).memory());
        } else {
            forward.enter(lines.get(index - 1), below.sum());
        }
        LayerKeep.Projected projected = keep.projections();
        if (projected == null) {
            projected = projected(SHARED);
            forward.project(layer, own, projected);
        } else {
            forward.normalise(own);
        }
        WrittenBackward backward = new WrittenBackward(forward, layer, own);
        backward.followed(keep);
        LayerKeep.Projected gradients =
                new LayerKeep.Projected(
                        rows(SHARED, Use.QUERY_GRADIENT),
                        rows(SHARED, Use.KEY_GRADIENT),
                        rows(SHARED, Use.VALUE_GRADIENT));
        Matrix contextGradient = backward.contextGradient();
        try (NDManager work = scope.newSubManager()) {
            Matrix more = attention.backGlobals(layer, keep.context(), contextGradient, work);
            attention.backward(layer, keep, projected, contextGradient, gradients, work);
            backward.projected(gradients, more, index > lowest);
        }
    }

    private LayerKeep.Projected projected(int index) {
        int of = index != SHARED && keeping.projections(index) ? index : SHARED;
        return new LayerKeep.Projected(rows(of, Use.QUERY), rows(of, Use.KEY), rows(of, Use.VALUE));
    }

    private Matrix rows(int index, Use use) {
        return space.of(index, use, layout.tokens(), forward.width());
    }

    private Matrix inner(int index, WrittenLayer layer) {
        return space.of(index, Use.INNER, layout.tokens(), layer.up().out());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        output = null;
        try (scope;
                attention) {
            while (!keeps.isEmpty()) {
                keeps.pop().close();
            }
        } finally {
            kernels.giveBack(space);
        }
    }
}
