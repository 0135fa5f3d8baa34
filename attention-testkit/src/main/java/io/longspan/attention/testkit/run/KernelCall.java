package io.longspan.attention.testkit.run;

import io.longspan.attention.BackwardTensors;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.TensorView;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one kernel call, forward and backward: inputs filled, outputs full of NaN, guards
 * round each. Whoever opens it closes it, after the plan's last use of it.
 */
public final class KernelCall implements AutoCloseable {
    private final AttentionCase asked;
    private final KernelMemory memory;
    private final List<GuardedBuffer> inputs = new ArrayList<>();
    private final List<GuardedBuffer> outputs = new ArrayList<>();
    private final TensorView query;
    private final TensorView key;
    private final TensorView value;
    private final @Nullable TensorView bias;
    private final TensorView outputGradient;
    private final GuardedBuffer output;
    private final @Nullable GuardedBuffer logSumExp;
    private final GuardedBuffer queryGradient;
    private final GuardedBuffer keyGradient;
    private final GuardedBuffer valueGradient;
    private final @Nullable GuardedBuffer biasGradient;

    /**
     * Makes the memory of a call.
     *
     * @param packed whether key and value, and query when all rows are wanted, are strided views of
     *     one buffer, as a joint projection leaves them
     */
    public KernelCall(
            KernelMemory memory,
            AttentionCase asked,
            AttentionTensors tensors,
            boolean wantLogSumExp,
            boolean packed) {
        this.memory = memory;
        this.asked = asked;
        int some = asked.rowCount() * asked.rowWidth();
        int all = asked.layout().tokens() * asked.rowWidth();
        if (packed) {
            boolean together = asked.rows().isAll();
            float[][] parts =
                    together
                            ? new float[][] {tensors.query(), tensors.key(), tensors.value()}
                            : new float[][] {tensors.key(), tensors.value()};
            GuardedBuffer joint = input("packed projection", interleave(parts));
            query =
                    together
                            ? part(joint, 0, 3)
                            : input("query", tensors.query()).view(rowShape(asked.rowCount()));
            key = part(joint, parts.length - 2, parts.length);
            value = part(joint, parts.length - 1, parts.length);
        } else {
            query = input("query", tensors.query()).view(rowShape(asked.rowCount()));
            key = input("key", tensors.key()).view(rowShape(asked.layout().tokens()));
            value = input("value", tensors.value()).view(rowShape(asked.layout().tokens()));
        }
        float[] biasNumbers = tensors.bias();
        bias = biasNumbers == null ? null : input("offset bias", biasNumbers).view(biasShape());
        outputGradient =
                input("output gradient", tensors.outputGradient()).view(rowShape(asked.rowCount()));
        output = output("output", some);
        logSumExp =
                wantLogSumExp
                        ? output("log-sum-exp", asked.rowCount() * asked.pattern().heads())
                        : null;
        queryGradient = output("query gradient", some);
        keyGradient = output("key gradient", all);
        valueGradient = output("value gradient", all);
        biasGradient =
                biasNumbers == null ? null : output("offset bias gradient", biasNumbers.length);
    }

    /** The tensors of the forward pass. */
    public ForwardTensors forward() {
        long heads = asked.pattern().heads();
        return new ForwardTensors(
                query,
                key,
                value,
                bias,
                output.view(rowShape(asked.rowCount())),
                logSumExp == null ? null : logSumExp.view(asked.rowCount(), heads));
    }

    /** The tensors of the backward pass. */
    public BackwardTensors backward() {
        return new BackwardTensors(
                query,
                key,
                value,
                bias,
                output.view(rowShape(asked.rowCount())),
                outputGradient,
                queryGradient.view(rowShape(asked.rowCount())),
                keyGradient.view(rowShape(asked.layout().tokens())),
                valueGradient.view(rowShape(asked.layout().tokens())),
                biasGradient == null ? null : biasGradient.view(biasShape()));
    }

    /** What the forward pass wrote. */
    public Answer answer() {
        requireSound();
        return new Answer(output.content(), logSumExp == null ? null : logSumExp.content(), 0);
    }

    /** What the forward and the backward pass wrote. */
    public GradientAnswer gradients() {
        requireSound();
        return new GradientAnswer(
                output.content(),
                queryGradient.content(),
                keyGradient.content(),
                valueGradient.content(),
                biasGradient == null ? null : biasGradient.content());
    }

    @Override
    public void close() {
        inputs.forEach(GuardedBuffer::close);
        outputs.forEach(GuardedBuffer::close);
    }

    private void requireSound() {
        try {
            outputs.forEach(GuardedBuffer::requireGuards);
            inputs.forEach(GuardedBuffer::requireUnchanged);
        } catch (AssertionError unsound) {
            throw new AssertionError(unsound.getMessage() + "\n" + asked, unsound);
        }
    }

    private GuardedBuffer input(String name, float[] content) {
        GuardedBuffer buffer = GuardedBuffer.holding(name, memory, content);
        inputs.add(buffer);
        return buffer;
    }

    private GuardedBuffer output(String name, int elements) {
        GuardedBuffer buffer = GuardedBuffer.fresh(name, memory, elements);
        outputs.add(buffer);
        return buffer;
    }

    private long[] rowShape(long rows) {
        return new long[] {rows, asked.pattern().heads(), asked.headSize()};
    }

    private long[] biasShape() {
        return new long[] {asked.pattern().heads(), asked.pattern().biasColumns()};
    }

    private float[] interleave(float[]... parts) {
        int width = asked.rowWidth();
        float[] joint = new float[parts.length * parts[0].length];
        for (int t = 0; t < asked.layout().tokens(); t++) {
            for (int p = 0; p < parts.length; p++) {
                System.arraycopy(parts[p], t * width, joint, (t * parts.length + p) * width, width);
            }
        }
        return joint;
    }

    private TensorView part(GuardedBuffer joint, int index, int parts) {
        long stride = (long) parts * asked.rowWidth();
        return joint.view(
                index * asked.rowWidth(),
                rowShape(asked.layout().tokens()),
                new long[] {stride, asked.headSize(), 1});
    }
}
