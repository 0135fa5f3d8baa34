package io.longspan.model.linear;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What one thread needs to run one {@link Matmul} again and again: its operands' memories. */
final class TileRun {
    /** The second source of the first operation after the product. */
    private static final int ADDED = Matmul.AFTER | 2;

    private static final int MOST_ARGUMENTS = 7;

    private final OneDnn dnn;
    private final MemorySegment primitive;
    private final MemorySegment arguments;
    private final MemorySegment source;
    private final MemorySegment weights;
    private final MemorySegment output;
    private final MemorySegment scratch;
    private final MemorySegment bias;
    private final MemorySegment columnScales;
    private final MemorySegment residual;
    private int count;

    /** Addresses of the operands of one run; 0 for those that the layer does not have. */
    record Operands(long source, long output, long residual, long scratch) {}

    TileRun(OneDnn dnn, Arena scope, Matmul matmul, Matmul.Panel panel) {
        this.dnn = dnn;
        primitive = matmul.primitive();
        Matmul.Layouts layouts = matmul.layouts();
        arguments = scope.allocate(MOST_ARGUMENTS * OneDnn.ARGUMENT_BYTES, Long.BYTES);
        source = argument(scope, Matmul.SOURCE, layouts.source());
        weights = argument(scope, Matmul.WEIGHTS, layouts.weights());
        output = argument(scope, Matmul.OUTPUT, layouts.output());
        scratch = argument(scope, Matmul.SCRATCH, layouts.scratch());
        columnScales =
                panel.int8()
                        ? argument(scope, Matmul.SCALES | Matmul.WEIGHTS, layouts.columnScales())
                        : MemorySegment.NULL;
        bias = panel.bias() ? argument(scope, Matmul.BIAS, layouts.bias()) : MemorySegment.NULL;
        residual =
                panel.linear().finishInside() == Finish.ADD
                        ? argument(scope, ADDED, layouts.output())
                        : MemorySegment.NULL;
    }

    private MemorySegment argument(Arena scope, int place, MemorySegment layout) {
        MemorySegment memory = dnn.memory(scope, layout, 0);
        long at = count * OneDnn.ARGUMENT_BYTES;
        arguments.set(JAVA_INT, at, place);
        arguments.set(ADDRESS, at + Long.BYTES, memory);
        count++;
        return memory;
    }

    void run(MemorySegment stream, PackedPanels.Packed panel, Operands operands) {
        dnn.place(source, operands.source());
        dnn.place(weights, panel.weights().address());
        dnn.place(output, operands.output());
        dnn.place(scratch, operands.scratch());
        MemorySegment panelBias = panel.bias();
        if (panelBias != null && bias.address() != 0) {
            dnn.place(bias, panelBias.address());
        }
        MemorySegment scales = panel.columnScales();
        if (scales != null) {
            dnn.place(columnScales, scales.address());
        }
        if (residual.address() != 0) {
            dnn.place(residual, operands.residual());
        }
        dnn.execute(primitive, stream, count, arguments);
    }
}
