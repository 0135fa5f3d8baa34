package io.longspan.cli.role;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.attention.Workload;
import java.util.List;
import java.util.Random;

/**
 * One call of attention with a known answer.
 *
 * @param name for people
 * @param pattern what a layer sees
 * @param layout of the packed batch
 */
record SelfTestCase(String name, AttentionPattern pattern, SequenceLayout layout) {
    static final int HEAD_SIZE = 32;
    private static final int HEADS = 3;
    private static final int[] LENGTHS = {150, 1, 67};

    /** A window, and each thing that a model may ask for beside it. */
    static List<SelfTestCase> all() {
        SequenceLayout plain = SequenceLayout.allLocal(LENGTHS);
        AttentionPattern window = AttentionPattern.symmetric(HEADS, 16, HEAD_SIZE);
        return List.of(
                new SelfTestCase("window", window, plain),
                new SelfTestCase("global tokens", window, plain.withGlobals(0, 7, 151)),
                new SelfTestCase("masked tokens", window, masked()),
                new SelfTestCase(
                        "window wider than the text",
                        AttentionPattern.symmetric(HEADS, 256, HEAD_SIZE),
                        plain),
                new SelfTestCase(
                        "dilation per head",
                        AttentionPattern.builder(HEADS)
                                .reach(9, 9)
                                .dilation(1, 2)
                                .dilation(2, 5)
                                .scaleFor(HEAD_SIZE)
                                .build(),
                        plain),
                new SelfTestCase(
                        "window per head",
                        AttentionPattern.builder(HEADS)
                                .reach(0, 4, 4)
                                .reach(1, 12, 12)
                                .reach(2, 30, 30)
                                .scaleFor(HEAD_SIZE)
                                .build(),
                        plain),
                new SelfTestCase(
                        "causal",
                        AttentionPattern.builder(HEADS)
                                .reach(16, 0)
                                .causal(true)
                                .scaleFor(HEAD_SIZE)
                                .build(),
                        plain));
    }

    private static SequenceLayout masked() {
        int tokens = LENGTHS[0] + LENGTHS[2];
        byte[] roles = new byte[tokens];
        for (int t = 0; t < tokens; t++) {
            boolean padding = t >= LENGTHS[0] - 40 && t < LENGTHS[0];
            roles[t] = (padding || t % 11 == 3 ? TokenRole.MASKED : TokenRole.LOCAL).code();
        }
        return SequenceLayout.of(new int[] {0, LENGTHS[0], tokens}, roles);
    }

    /** What a backend has to support. */
    List<Workload> work() {
        return List.of(Workload.onCpu(pattern, HEAD_SIZE, layout.features()));
    }

    /** Numbers of the normal distribution, the same each time: [T, H, D]. */
    float[] tensor(long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[layout.tokens() * HEADS * HEAD_SIZE];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /**
     * The largest difference to the answer that the definition gives in float64, over the rows that
     * a backend computes; infinite where an answer is no number.
     *
     * @param output of a backend, [T, H, D]
     */
    double error(float[] query, float[] key, float[] value, float[] output) {
        double worst = 0;
        for (int row = 0; row < layout.tokens(); row++) {
            if (layout.role(row) != TokenRole.LOCAL) {
                continue;
            }
            for (int head = 0; head < HEADS; head++) {
                double[] right = answer(row, head, query, key, value);
                for (int d = 0; d < HEAD_SIZE; d++) {
                    double error = Math.abs(output[at(row, head) + d] - right[d]);
                    worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
                }
            }
        }
        return worst;
    }

    private double[] answer(int row, int head, float[] query, float[] key, float[] value) {
        double[] sum = new double[HEAD_SIZE];
        double weights = 0;
        int sequence = layout.sequenceOf(row);
        // Scores of such numbers are small enough for exp without taking the largest off.
        for (int token = layout.start(sequence); token < layout.end(sequence); token++) {
            if (!sees(row, token, head)) {
                continue;
            }
            double score = 0;
            for (int d = 0; d < HEAD_SIZE; d++) {
                score += (double) query[at(row, head) + d] * key[at(token, head) + d];
            }
            double weight = Math.exp(score * pattern.scale());
            weights += weight;
            for (int d = 0; d < HEAD_SIZE; d++) {
                sum[d] += weight * value[at(token, head) + d];
            }
        }
        for (int d = 0; d < HEAD_SIZE; d++) {
            sum[d] /= weights;
        }
        return sum;
    }

    private boolean sees(int row, int token, int head) {
        if (pattern.causal() && token > row) {
            return false;
        }
        return switch (layout.role(token)) {
            case MASKED -> false;
            case GLOBAL -> true;
            case LOCAL -> {
                int distance = token - row;
                int steps = distance / pattern.dilation(head);
                yield distance % pattern.dilation(head) == 0
                        && steps >= -pattern.left(head)
                        && steps <= pattern.right(head);
            }
        };
    }

    private static int at(int token, int head) {
        return (token * HEADS + head) * HEAD_SIZE;
    }
}
