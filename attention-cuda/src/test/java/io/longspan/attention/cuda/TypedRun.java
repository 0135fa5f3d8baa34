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
import java.util.EnumSet;
import java.util.Set;

/** A case of the kit in any element type, forward and backward, on host memory. */
final class TypedRun {
    private final float[] output;
    private final float[] logSumExp;
    private final float[] query;
    private final float[] key;
    private final float[] value;

    private TypedRun(float[] output, float[] logSumExp, float[] query, float[] key, float[] value) {
        this.output = output;
        this.logSumExp = logSumExp;
        this.query = query;
        this.key = key;
        this.value = value;
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
            TensorView queryGradient = memory.fresh(asked.rowCount());
            TensorView keyGradient = memory.fresh(asked.layout().tokens());
            TensorView valueGradient = memory.fresh(asked.layout().tokens());
            try (SavedForward saved =
                    backend.forwardForGradient(
                            plan,
                            new ForwardTensors(query, key, value, null, output, logSumExp),
                            asked.dropout())) {
                backend.backward(
                        plan,
                        saved,
                        new BackwardTensors(
                                query,
                                key,
                                value,
                                null,
                                output,
                                memory.of(in.outputGradient()),
                                queryGradient,
                                keyGradient,
                                valueGradient,
                                null));
            }
            return new TypedRun(
                    memory.numbers(output),
                    sums.toArray(JAVA_FLOAT),
                    memory.numbers(queryGradient),
                    memory.numbers(keyGradient),
                    memory.numbers(valueGradient));
        }
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
