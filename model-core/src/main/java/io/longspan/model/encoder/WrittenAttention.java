package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.model.encoder.WrittenSpace.Use;
import io.longspan.model.linear.Matrix;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Attention of a pass in raw memory: the window by the backend's kernel, the rows of global tokens
 * by the engine. Closes its session.
 */
record WrittenAttention(
        KernelSession session,
        SequenceLayout layout,
        WrittenSpace space,
        boolean preNorm,
        int width)
        implements AutoCloseable {
    @Nullable DropoutDraw draw() {
        return session.dropout();
    }

    /** Computes the windows, [T, N] into {@code context}. */
    void forward(WrittenLayer layer, LayerKeep.Projected projected, Matrix context) {
        LayerWindow window = layer.window();
        session.forward(
                view(projected.query(), window),
                view(projected.key(), window),
                view(projected.value(), window),
                view(context, window),
                window,
                QueryRows.all());
    }

    /** The same with what the way back needs, the caller's to close. */
    SavedForward forwardForGradient(
            WrittenLayer layer, LayerKeep.Projected projected, Matrix context) {
        LayerWindow window = layer.window();
        return session.forwardForGradient(
                view(projected.query(), window),
                view(projected.key(), window),
                view(projected.value(), window),
                view(context, window),
                window);
    }

    /** Computes the rows of global tokens from what the layer reads, into their places. */
    void putGlobals(WrittenLayer layer, Matrix context) {
        if (layout.mostGlobals() == 0) {
            return;
        }
        try (Autograd.Mode _ = Autograd.paused();
                NDManager work = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
                NDArray read = read(work); // [T, N]
                NDArray rows =
                        layer.requireGlobalRows()
                                .forward(read, layout, layer.window().dropout(draw())); // [G, N]
                NDArray flat = rows.flatten()) { // [G * N]
            MemorySegment memory = TensorBridge.memory(flat);
            int[] globals = layout.globals();
            for (int g = 0; g < globals.length; g++) {
                MemorySegment.copy(
                        memory,
                        (long) g * width * Float.BYTES,
                        context.memory(),
                        context.at(globals[g]),
                        (long) width * Float.BYTES);
            }
        }
    }

    /**
     * Goes back through the rows of global tokens; their places are as the backend left them
     * afterwards.
     *
     * @param context [T, N], changed
     * @param gradient of the context, [T, N]
     * @param work receives what the result lies in
     * @return what came back to what the layer reads, [T, N]; null without global tokens
     */
    @Nullable Matrix backGlobals(
            WrittenLayer layer, Matrix context, Matrix gradient, NDManager work) {
        if (layout.mostGlobals() == 0) {
            return null;
        }
        int[] globals = layout.globals();
        NDArray rows = work.create(new Shape(globals.length, width), DataType.FLOAT32); // [G, N]
        MemorySegment memory = TensorBridge.memory(rows);
        long bytes = (long) width * Float.BYTES;
        for (int g = 0; g < globals.length; g++) {
            MemorySegment.copy(
                    gradient.memory(), gradient.at(globals[g]), memory, g * bytes, bytes);
            context.memory().asSlice(context.at(globals[g]), bytes).fill((byte) 0);
        }
        NDArray read = Autograd.leaf(read(work), work); // [T, N]
        GlobalRowsPass.back(
                layer.requireGlobalRows(), read, layout, layer.window().dropout(draw()), rows);
        NDArray back = Autograd.gathered(read, work).flatten(); // [T * N]
        back.attach(work);
        return Matrix.of(TensorBridge.memory(back), layout.tokens(), width);
    }

    /** Goes back through the windows; the gradient of an offset bias is added to its own. */
    void backward(
            WrittenLayer layer,
            LayerKeep keep,
            LayerKeep.Projected projected,
            Matrix contextGradient,
            LayerKeep.Projected gradients,
            NDManager work) {
        LayerWindow window = layer.window();
        NDArray bias = window.offsetBias();
        NDArray biasGradient =
                bias == null
                        ? null
                        : work.create(bias.getShape(), DataType.FLOAT32); // [H, columns]
        session.backward(
                keep.saved(),
                new BackwardTensors(
                        view(projected.query(), window),
                        view(projected.key(), window),
                        view(projected.value(), window),
                        KernelSession.viewOrNull(bias),
                        view(keep.context(), window),
                        view(contextGradient, window),
                        view(gradients.query(), window),
                        view(gradients.key(), window),
                        view(gradients.value(), window),
                        KernelSession.viewOrNull(biasGradient)),
                window);
        if (bias != null && biasGradient != null) {
            MemorySegment sum = Autograd.gradientMemory(bias);
            MemorySegment more = TensorBridge.memory(biasGradient);
            for (long i = 0; sum != null && i < bias.size(); i++) {
                float before = sum.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                sum.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        i,
                        before + more.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            }
        }
    }

    /** What the layer reads as an array without memory of its own, [T, N]. */
    private NDArray read(NDManager work) {
        return space.array(preNorm ? Use.READ : Use.INPUT, layout.tokens(), width, work);
    }

    private static TensorView view(Matrix rows, LayerWindow window) {
        int heads = window.pattern().heads();
        int size = rows.columns() / heads;
        return TensorView.of(
                rows.memory().address() + rows.at(0),
                ElementType.FP32,
                Device.CPU,
                new long[] {rows.rows(), heads, size},
                new long[] {rows.pitch(), size, 1});
    }

    @Override
    public void close() {
        session.close();
    }
}
