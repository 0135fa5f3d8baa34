package io.longspan.model.reference;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.TokenRole;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention of one layer over one sequence. */
final class ReferenceAttention {
    private final ReferenceMath math;
    private final AttentionPattern pattern;
    private final double[][] read;
    private final TokenRole[] roles;
    private final String name;
    private final @Nullable DropoutMask mask;

    /**
     * Attention over what a layer reads.
     *
     * @param read [L][N]
     * @param name of the layer's attention weights
     * @param mask of the probabilities, or null for none
     */
    ReferenceAttention(
            ReferenceMath math,
            AttentionPattern pattern,
            double[][] read,
            TokenRole[] roles,
            String name,
            @Nullable DropoutMask mask) {
        this.math = math;
        this.pattern = pattern;
        this.read = read;
        this.roles = roles;
        this.name = name;
        this.mask = mask;
    }

    /** One key that a row sees. */
    private record Seen(int key, double score) {}

    /** The context of each token, [L][N]; zeros for masked ones. */
    double[][] rows() {
        double[][] q = math.linear(name + ".query", read);
        double[][] k = math.linear(name + ".key", read);
        double[][] v = math.linear(name + ".value", read);
        double[][] globalQ = math.linear(name + ".query_global", read);
        double[][] globalK = math.linear(name + ".key_global", read);
        double[][] globalV = math.linear(name + ".value_global", read);
        double[][] out = new double[read.length][read[0].length];
        for (int i = 0; i < read.length; i++) {
            for (int h = 0; h < pattern.heads(); h++) {
                switch (roles[i]) {
                    case MASKED -> {}
                    case LOCAL -> mix(local(i, h, q, k), v, h, i, out[i]);
                    case GLOBAL -> mix(global(i, h, globalQ, globalK), globalV, h, i, out[i]);
                }
            }
        }
        return out;
    }

    private List<Seen> local(int i, int h, double[][] q, double[][] k) {
        List<Seen> seen = new ArrayList<>();
        for (int j = 0; j < read.length; j++) {
            if (roles[j] == TokenRole.GLOBAL) {
                if (!pattern.causal() || j <= i) {
                    seen.add(new Seen(j, score(q[i], k[j], h)));
                }
                continue;
            }
            int away = j - i;
            int step = away / pattern.dilation(h);
            boolean reached =
                    away % pattern.dilation(h) == 0
                            && -pattern.left(h) <= step
                            && step <= pattern.right(h);
            if (reached && roles[j] == TokenRole.LOCAL) {
                seen.add(new Seen(j, score(q[i], k[j], h) + bias(h, step)));
            }
        }
        return seen;
    }

    private List<Seen> global(int i, int h, double[][] q, double[][] k) {
        List<Seen> seen = new ArrayList<>();
        int end = pattern.causal() ? i + 1 : read.length;
        for (int j = 0; j < end; j++) {
            if (roles[j] != TokenRole.MASKED) {
                seen.add(new Seen(j, score(q[i], k[j], h)));
            }
        }
        return seen;
    }

    private double bias(int head, int step) {
        return pattern.offsetBias()
                ? math.weights()
                        .get(name + ".offset_bias")[
                        head * pattern.biasColumns() + step + pattern.maxLeft()]
                : 0;
    }

    private int headSize() {
        return read[0].length / pattern.heads();
    }

    private double score(double[] query, double[] key, int head) {
        double sum = 0;
        for (int d = head * headSize(); d < (head + 1) * headSize(); d++) {
            sum += query[d] * key[d];
        }
        return sum / Math.sqrt(headSize());
    }

    private void mix(List<Seen> seen, double[][] values, int head, int row, double[] out) {
        double highest = seen.stream().mapToDouble(Seen::score).max().orElseThrow();
        double total = seen.stream().mapToDouble(s -> Math.exp(s.score() - highest)).sum();
        for (Seen one : seen) {
            double share = Math.exp(one.score() - highest) / total;
            double kept = mask == null ? share : share * mask.factor(head, row, one.key());
            for (int d = head * headSize(); d < (head + 1) * headSize(); d++) {
                out[d] += kept * values[one.key()][d];
            }
        }
    }
}
