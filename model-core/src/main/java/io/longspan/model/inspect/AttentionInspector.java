package io.longspan.model.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.encoder.LayerProbe;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention weights of a layer for chosen rows and heads.
 *
 * <p>Runs the layers before it on the caller's thread and computes the chosen rows alone, so a look
 * costs less than a forward pass, whatever the length. Holds nothing and may be used by several
 * threads as far as the attention backend allows; model and backend stay the caller's.
 *
 * @param model to look into
 * @param attention runs the layers before
 */
public record AttentionInspector(LongformerModel model, AttentionBackend attention) {
    /**
     * The weights of some rows.
     *
     * @param layer index from 0
     * @param heads indices from 0
     * @param tokens rows, packed indices of the batch
     * @return for every token in the given order, every head in the given order
     * @throws ModelInputException when there is no such layer, head or token
     */
    public List<AttendedRow> rows(
            TokenBatch batch, int layer, List<Integer> heads, List<Integer> tokens) {
        check("layer", layer, model.config().layers());
        heads.forEach(head -> check("head", head, model.config().heads()));
        tokens.forEach(token -> check("token", token, batch.layout().tokens()));
        int[] chosen = tokens.stream().mapToInt(Integer::intValue).toArray();
        List<AttendedRow> rows = new ArrayList<>();
        if (chosen.length == 0) {
            return rows;
        }
        try (NDManager manager = model.newManager()) {
            Scores scores =
                    new Scores(
                            model.encoder().probe(batch, layer, chosen, attention, manager),
                            batch.layout());
            for (int r = 0; r < chosen.length; r++) {
                for (int head : heads) {
                    rows.add(scores.row(r, chosen[r], head));
                }
            }
        }
        return rows;
    }

    private static void check(String what, int index, int count) {
        if (index < 0 || index >= count) {
            throw new ModelInputException(
                    what
                            + " is "
                            + index
                            + "; there are "
                            + count
                            + ", so name one from 0 to "
                            + (count - 1));
        }
    }

    /** Queries and keys on the heap. */
    private static final class Scores {
        private final LayerProbe probe;
        private final SequenceLayout layout;
        private final int width;
        private final int headSize;
        private final float[] query;
        private final float[] key;
        private final float[] globalQuery;
        private final float[] globalKey;
        private final float[] bias;

        Scores(LayerProbe probe, SequenceLayout layout) {
            this.probe = probe;
            this.layout = layout;
            width = (int) probe.query().getShape().get(1);
            headSize = width / probe.pattern().heads();
            query = TensorBridge.floats(probe.query());
            key = TensorBridge.floats(probe.key());
            globalQuery = floats(probe.globalQuery());
            globalKey = floats(probe.globalKey());
            bias = floats(probe.offsetBias());
        }

        private static float[] floats(Optional<NDArray> array) {
            return array.map(TensorBridge::floats).orElseGet(() -> new float[0]);
        }

        AttendedRow row(int r, int token, int head) {
            int sequence = layout.sequenceOf(token);
            int start = layout.start(sequence);
            TokenRole role = layout.role(token);
            boolean global = role == TokenRole.GLOBAL;
            List<Integer> seen = new ArrayList<>();
            for (int j = start; j < layout.end(sequence); j++) {
                if (sees(token, role, j, head)) {
                    seen.add(j);
                }
            }
            float[] q = global ? globalQuery : query;
            float[] k = global ? globalKey : key;
            double[] scores = new double[seen.size()];
            double highest = Double.NEGATIVE_INFINITY;
            for (int n = 0; n < scores.length; n++) {
                scores[n] =
                        probe.pattern().scale()
                                        * dot(q, r * width, k, seen.get(n) * width, head * headSize)
                                + bias(token, role, seen.get(n), head);
                highest = Math.max(highest, scores[n]);
            }
            double total = 0;
            for (int n = 0; n < scores.length; n++) {
                scores[n] = Math.exp(scores[n] - highest);
                total += scores[n];
            }
            List<AttendedKey> keys = new ArrayList<>();
            for (int n = 0; n < scores.length; n++) {
                keys.add(new AttendedKey(seen.get(n) - start, (float) (scores[n] / total)));
            }
            return new AttendedRow(head, sequence, token - start, role, keys);
        }

        /** Of the offset; global keys and global rows have none. */
        private double bias(int token, TokenRole role, int other, int head) {
            if (bias.length == 0
                    || role != TokenRole.LOCAL
                    || layout.role(other) == TokenRole.GLOBAL) {
                return 0;
            }
            int steps = (other - token) / probe.pattern().dilation(head);
            return bias[head * probe.pattern().biasColumns() + steps + probe.pattern().maxLeft()];
        }

        private boolean sees(int token, TokenRole role, int other, int head) {
            if (layout.role(other) == TokenRole.MASKED
                    || (probe.pattern().causal() && other > token)) {
                return false;
            }
            return switch (role) {
                case GLOBAL -> true;
                case MASKED -> probe.maskedRowsAttend();
                case LOCAL -> layout.role(other) == TokenRole.GLOBAL || near(token, other, head);
            };
        }

        private boolean near(int token, int other, int head) {
            int dilation = probe.pattern().dilation(head);
            int steps = (other - token) / dilation;
            return (other - token) % dilation == 0
                    && steps >= -probe.pattern().left(head)
                    && steps <= probe.pattern().right(head);
        }

        private double dot(float[] q, int qRow, float[] k, int kRow, int from) {
            double sum = 0;
            for (int d = from; d < from + headSize; d++) {
                sum += (double) q[qRow + d] * k[kRow + d];
            }
            return sum;
        }
    }
}
