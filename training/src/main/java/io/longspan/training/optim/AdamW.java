package io.longspan.training.optim;

import io.longspan.model.gradient.Parameter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), bias corrected, as PyTorch
 * computes it. Works on the weights' own memory in pieces that stay in the cache, so each value
 * crosses the memory bus once. A weight that has had no gradient yet is left alone: no state, no
 * decay. One thread; whoever made it closes it.
 */
public final class AdamW implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final int PIECE = 2048;
    private static final long CACHE_LINE = 64;

    private final List<Parameter> parameters;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double decay;
    private final Arena arena = Arena.ofShared();
    private final NavigableMap<String, Moments> moments = new TreeMap<>();

    private final float[] w = new float[PIECE];
    private final float[] g = new float[PIECE];
    private final float[] m = new float[PIECE];
    private final float[] v = new float[PIECE];

    /**
     * What is remembered of one weight.
     *
     * @param first moment, float32
     * @param second moment, float32
     * @param steps that the weight took part in
     */
    public record Moments(MemorySegment first, MemorySegment second, AtomicLong steps) {}

    public AdamW(
            List<Parameter> parameters, double beta1, double beta2, double epsilon, double decay) {
        this.parameters = parameters;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.decay = decay;
    }

    /** The norm of all gradients as one vector. */
    public double gradientNorm() {
        double sum = 0;
        for (Parameter parameter : parameters) {
            sum += parameter.gradient().map(this::squares).orElse(0.0);
        }
        return Math.sqrt(sum);
    }

    /**
     * Moves every weight that has a gradient.
     *
     * @param rate learning rate
     * @param factor on the gradients, below 1 to clip
     */
    public void step(double rate, double factor) {
        for (Parameter parameter : parameters) {
            parameter.gradient().ifPresent(gradient -> move(parameter, gradient, rate, factor));
        }
    }

    /** What is remembered, by canonical name; a view. */
    public NavigableMap<String, Moments> moments() {
        return Collections.unmodifiableNavigableMap(moments);
    }

    /** Room for what is remembered of a weight; zeros at first. */
    public Moments remember(Parameter parameter) {
        return moments.computeIfAbsent(
                parameter.name(),
                name -> {
                    long bytes = Float.BYTES * parameter.elements();
                    return new Moments(
                            arena.allocate(bytes, CACHE_LINE),
                            arena.allocate(bytes, CACHE_LINE),
                            new AtomicLong());
                });
    }

    @Override
    public void close() {
        arena.close();
    }

    private void move(Parameter parameter, MemorySegment gradient, double rate, double factor) {
        Moments state = remember(parameter);
        double step = state.steps().incrementAndGet();
        double correction = 1 - Math.pow(beta1, step);
        float root = (float) Math.sqrt(1 - Math.pow(beta2, step));
        boolean decays = parameter.shape().size() > 1;
        float keep = decays ? (float) (1 - rate * decay) : 1;
        float stride = (float) (rate / correction);
        MemorySegment values = parameter.values();
        long elements = parameter.elements();
        for (long at = 0; at < elements; at += PIECE) {
            int count = (int) Math.min(PIECE, elements - at);
            long from = Float.BYTES * at;
            MemorySegment.copy(values, FLOAT, from, w, 0, count);
            MemorySegment.copy(gradient, FLOAT, from, g, 0, count);
            MemorySegment.copy(state.first(), FLOAT, from, m, 0, count);
            MemorySegment.copy(state.second(), FLOAT, from, v, 0, count);
            advance(count, (float) factor, keep, stride, root, (float) epsilon);
            MemorySegment.copy(w, 0, values, FLOAT, from, count);
            MemorySegment.copy(m, 0, state.first(), FLOAT, from, count);
            MemorySegment.copy(v, 0, state.second(), FLOAT, from, count);
        }
    }

    private void advance(int count, float factor, float keep, float stride, float root, float eps) {
        float old2 = (float) beta2;
        float new1 = (float) (1 - beta1);
        float new2 = (float) (1 - beta2);
        for (int i = 0; i < count; i++) {
            float gradient = g[i] * factor;
            float first = m[i] + (gradient - m[i]) * new1;
            float second = v[i] * old2 + gradient * gradient * new2;
            m[i] = first;
            v[i] = second;
            w[i] = w[i] * keep - stride * first / ((float) Math.sqrt(second) / root + eps);
        }
    }

    private double squares(MemorySegment gradient) {
        double sum = 0;
        long elements = gradient.byteSize() / Float.BYTES;
        double[] lanes = new double[8];
        for (long at = 0; at < elements; at += PIECE) {
            int count = (int) Math.min(PIECE, elements - at);
            MemorySegment.copy(gradient, FLOAT, Float.BYTES * at, g, 0, count);
            for (int i = 0; i < count; i++) {
                lanes[i & 7] += (double) g[i] * g[i];
            }
        }
        for (double lane : lanes) {
            sum += lane;
        }
        return sum;
    }
}
