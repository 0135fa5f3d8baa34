package io.longspan.attention;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What one layer will ask of a backend, without any tensor: so the question can be put for every
 * layer when a model is built, not in the middle of a batch.
 *
 * @param pattern of the layer
 * @param headSize D
 * @param type of query, key, value and output
 * @param device that holds them
 * @param calls features that depend on the calls, not on the pattern: {@link Feature#GLOBAL_KEYS},
 *     {@link Feature#MASKED_TOKENS}, {@link Feature#QUERY_ROWS}, {@link Feature#LOG_SUM_EXP},
 *     {@link Feature#DROPOUT}, {@link Feature#GRADIENTS}
 * @param products how coarsely products may be computed
 */
public record Workload(
        AttentionPattern pattern,
        int headSize,
        ElementType type,
        Device.Kind device,
        Set<Feature> calls,
        ProductPrecision products) {

    private static final Set<Feature> OF_CALLS =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            Feature.GLOBAL_KEYS,
                            Feature.MASKED_TOKENS,
                            Feature.QUERY_ROWS,
                            Feature.LOG_SUM_EXP,
                            Feature.DROPOUT,
                            Feature.GRADIENTS));

    /** Copies the features and checks that they are ones that calls bring. */
    public Workload {
        EnumSet<Feature> copy = EnumSet.noneOf(Feature.class);
        copy.addAll(calls);
        if (!OF_CALLS.containsAll(copy)) {
            throw new IllegalArgumentException(
                    "features "
                            + copy
                            + " of a call must be among "
                            + OF_CALLS
                            + "; the others follow from the pattern");
        }
        if (headSize < 1) {
            throw new IllegalArgumentException(
                    "head size is " + headSize + "; it must be at least 1");
        }
        calls = Collections.unmodifiableSet(copy);
    }

    /** With exact products. */
    public Workload(
            AttentionPattern pattern,
            int headSize,
            ElementType type,
            Device.Kind device,
            Set<Feature> calls) {
        this(pattern, headSize, type, device, calls, ProductPrecision.EXACT);
    }

    /** Float32 on the CPU. */
    public static Workload onCpu(AttentionPattern pattern, int headSize, Set<Feature> calls) {
        return new Workload(pattern, headSize, ElementType.FP32, Device.Kind.CPU, calls);
    }

    /** Everything that is needed, by pattern and by calls. */
    public Set<Feature> features() {
        EnumSet<Feature> needed = EnumSet.noneOf(Feature.class);
        needed.addAll(calls);
        for (int h = 0; h < pattern.heads(); h++) {
            if (pattern.left(h) != pattern.left(0) || pattern.right(h) != pattern.right(0)) {
                needed.add(Feature.PER_HEAD_WINDOW);
            }
            if (pattern.left(h) != pattern.right(h)) {
                needed.add(Feature.ASYMMETRIC_WINDOW);
            }
            if (pattern.dilation(h) != 1) {
                needed.add(Feature.DILATION);
            }
            if (pattern.dilation(h) != pattern.dilation(0)) {
                needed.add(Feature.PER_HEAD_DILATION);
            }
        }
        if (pattern.causal()) {
            needed.add(Feature.CAUSAL);
        }
        if (pattern.offsetBias()) {
            needed.add(Feature.OFFSET_BIAS);
        }
        return Collections.unmodifiableSet(needed);
    }

    /** Whether gradients will be wanted. */
    public boolean training() {
        return calls.contains(Feature.GRADIENTS);
    }
}
