package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.model.tensor.Autograd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link EncoderPass} on the engine's arrays and its differentiation of each layer. */
final class EnginePass implements EncoderPass {
    private final Embeddings embeddings;
    private final List<EncoderLayer> layers;
    private final @Nullable Norm finalNorm;
    private final TokenBatch batch;
    private final Activations activations;
    private final int lowest;
    private final AttentionSession session;
    private final NDManager scope;
    private final Deque<LayerPass> passes = new ArrayDeque<>();
    private final Deque<NDArray> inputs = new ArrayDeque<>();
    private @Nullable NDArray embedded;
    private @Nullable NDArray last;
    private @Nullable NDArray normed;
    private @Nullable NDArray output;

    EnginePass(
            Embeddings embeddings,
            List<EncoderLayer> layers,
            @Nullable Norm finalNorm,
            TokenBatch batch,
            AttentionSession session,
            Activations activations,
            int lowest,
            NDManager scope) {
        this.embeddings = embeddings;
        this.layers = layers;
        this.finalNorm = finalNorm;
        this.batch = batch;
        this.session = session;
        this.activations = activations;
        this.lowest = lowest;
        this.scope = scope;
    }

    /** Runs the batch; once, first of all. */
    void forward() {
        NDArray hidden =
                switch (activations) {
                    case KEPT -> recorded();
                    case RECOMPUTED -> passing();
                }; // [T, N]
        if (finalNorm == null) {
            output = Autograd.leaf(hidden, scope); // [T, N]
        } else {
            last = Autograd.leaf(hidden, scope); // [T, N]
            try (Autograd.Mode _ = Autograd.recording()) {
                normed = finalNorm.apply(last); // [T, N]
            }
            output = Autograd.leaf(normed, scope); // [T, N]
        }
        if (activations == Activations.RECOMPUTED) {
            hidden.close();
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
        for (int index = layers.size() - 1; index >= Math.max(0, lowest); index--) {
            NDArray before;
            try (LayerPass pass = pass(index)) {
                before = pass.backward(gradient); // [T, N]
            }
            gradient.close();
            gradient = before;
        }
        if (lowest == EMBEDDINGS) {
            try (NDArray root = embedded == null ? embed() : embedded) {
                Autograd.backward(root, gradient);
            }
        }
        gradient.close();
    }

    @Override
    public void close() {
        try (scope;
                session) {
            while (!passes.isEmpty()) {
                passes.pop().close();
            }
        }
    }

    private NDArray recorded() {
        NDArray hidden; // [T, N]
        if (lowest == EMBEDDINGS) {
            hidden = embed();
            embedded = hidden;
        } else {
            hidden = below();
        }
        for (EncoderLayer layer : fromLowest()) {
            LayerPass pass = LayerPass.run(layer, hidden, batch.layout(), session, scope);
            passes.push(pass);
            hidden = pass.output();
        }
        return hidden;
    }

    private NDArray passing() {
        try (Autograd.Mode _ = Autograd.paused()) {
            NDArray hidden = below(); // [T, N]
            for (EncoderLayer layer : fromLowest()) {
                inputs.push(hidden);
                hidden = layer.forward(hidden, batch.layout(), session);
            }
            return hidden;
        }
    }

    private List<EncoderLayer> fromLowest() {
        return layers.subList(Math.max(0, lowest), layers.size());
    }

    /** What the lowest layer reads, [T, N], not recorded. */
    private NDArray below() {
        try (Autograd.Mode _ = Autograd.paused()) {
            NDArray hidden = embeddings.forward(batch, scope, session.dropout()); // [T, N]
            for (EncoderLayer layer : layers.subList(0, Math.max(0, lowest))) {
                NDArray next = layer.forward(hidden, batch.layout(), session); // [T, N]
                hidden.close();
                hidden = next;
            }
            return hidden;
        }
    }

    private NDArray embed() {
        try (Autograd.Mode _ = Autograd.recording()) {
            return embeddings.forward(batch, scope, session.dropout()); // [T, N]
        }
    }

    private LayerPass pass(int index) {
        if (activations == Activations.KEPT) {
            return passes.pop();
        }
        try (NDArray input = inputs.pop()) {
            return LayerPass.run(layers.get(index), input, batch.layout(), session, scope);
        }
    }
}
