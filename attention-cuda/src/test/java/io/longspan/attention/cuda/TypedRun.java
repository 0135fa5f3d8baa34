package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.SavedForward;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** A case of the kit in any element type, forward and backward, on host memory. */
final class TypedRun {
    private final float[] output;
    private final float[] logSumExp;
    private final float[] query;
    private final float[] key;
    private final float[] value;
    private final float[] bias;

    private TypedRun(
            float[] output,
            float[] logSumExp,
            float[] query,
            float[] key,
            float[] value,
            float[] bias) {
        this.output = output;
        this.logSumExp = logSumExp;
        this.query = query;
        this.key = key;
        this.value = value;
        this.bias = bias;
    }

    float[] output() {
        return output;
    }

    float[] logSumExp() {
        return logSumExp;
    }

    /** Gradient of the query. */
    float[] query() {
        return query;
    }

    /** Gradient of the key. */
    float[] key() {
        return key;
    }

    /** Gradient of the value. */
    float[] value() {
        return value;
    }

    /** Gradient of the offset bias; empty without one. */
    float[] bias() {
        return bias;
    }

    /** Runs a case; the numbers have been rounded to the type. */
    static TypedRun of(
            KernelBackend backend, AttentionCase asked, ElementType type, AttentionTensors in) {
        Set<Feature> calls = EnumSet.noneOf(Feature.class);
        calls.addAll(asked.workload(Device.Kind.CPU).calls());
        calls.add(Feature.GRADIENTS);
        calls.add(Feature.LOG_SUM_EXP);
        Workload workload =
                new Workload(asked.pattern(), asked.headSize(), type, Device.Kind.CPU, calls);
        long heads = asked.pattern().heads();
        try (Arena arena = Arena.ofConfined();
                AttentionPlan plan = backend.plan(asked.layout(), asked.rows(), workload)) {
            Memory memory = new Memory(arena, type, heads, asked.headSize());
            TensorView query = memory.of(in.query());
            TensorView key = memory.of(in.key());
            TensorView value = memory.of(in.value());
            TensorView output = memory.fresh(asked.rowCount());
            MemorySegment sums = arena.allocate(JAVA_FLOAT, asked.rowCount() * heads);
            TensorView logSumExp = TensorView.of(sums, ElementType.FP32, asked.rowCount(), heads);
            float[] biasNumbers = in.bias();
            TensorView bias = biasNumbers == null ? null : offsets(arena, asked, biasNumbers);
            TensorView biasGradient =
                    biasNumbers == null ? null : offsets(arena, asked, nan(biasNumbers.length));
            TensorView queryGradient = memory.fresh(asked.rowCount());
            TensorView keyGradient = memory.fresh(asked.layout().tokens());
            TensorView valueGradient = memory.fresh(asked.layout().tokens());
            try (SavedForward saved =
                    backend.forwardForGradient(
                            plan,
                            new ForwardTensors(query, key, value, bias, output, logSumExp),
                            asked.dropout())) {
                backend.backward(
                        plan,
                        saved,
                        new BackwardTensors(
                                query,
                                key,
                                value,
                                bias,
                                output,
                                memory.of(in.outputGradient()),
                                queryGradient,
                                keyGradient,
                                valueGradient,
                                biasGradient));
            }
            return new TypedRun(
                    memory.numbers(output),
                    sums.toArray(JAVA_FLOAT),
                    memory.numbers(queryGradient),
                    memory.numbers(keyGradient),
                    memory.numbers(valueGradient),
                    biasGradient == null
                            ? new float[0]
                            : biasGradient.segment().toArray(JAVA_FLOAT));
        }
    }

    /** [H, columns], float32 whatever the type. */
    private static TensorView offsets(Arena arena, AttentionCase asked, float[] numbers) {
        return TensorView.of(
                arena.allocateFrom(JAVA_FLOAT, numbers),
                ElementType.FP32,
                asked.pattern().heads(),
                asked.pattern().biasColumns());
    }

    private static float[] nan(int count) {
        float[] numbers = new float[count];
        Arrays.fill(numbers, Float.NaN);
        return numbers;
    }

    /** Host tensors [rows, H, D]. */
    private record Memory(Arena arena, ElementType type, long heads, long headSize) {
        TensorView of(float[] numbers) {
            TensorView view = fresh(numbers.length / (heads * headSize));
            for (int i = 0; i < numbers.length; i++) {
                if (type == ElementType.FP32) {
                    view.segment().setAtIndex(JAVA_FLOAT, i, numbers[i]);
                } else {
                    view.segment().setAtIndex(JAVA_SHORT, i, Halves.bits(type, numbers[i]));
                }
            }
            return view;
        }

        /** Memory full of NaN. */
        TensorView fresh(long rows) {
            MemorySegment memory = arena.allocate(rows * heads * headSize * type.bytes(), 64);
            memory.fill((byte) 0xFF);
            return TensorView.of(memory, type, rows, heads, headSize);
        }

        float[] numbers(TensorView view) {
            float[] numbers = new float[(int) view.elements()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] =
                        type == ElementType.FP32
                                ? view.segment().getAtIndex(JAVA_FLOAT, i)
                                : Halves.number(type, view.segment().getAtIndex(JAVA_SHORT, i));
            }
            return numbers;
        }
    }
}
