package io.longspan.model.linear;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The compiled products of a layer: one for each height of a tile and width of a panel. */
final class TileKernels {
    /** Rows of a tile of many rows. */
    static final int TALL = 64;

    /** Rows of a tile that takes what is left; the rest of the last one is wasted. */
    static final int BRIEF = 16;

    private record Key(int height, int width) {}

    private record Compiled(Matmul.Panel panel, Matmul matmul) {}

    private final Map<Key, Compiled> products = new HashMap<>();
    private final Map<Integer, Reorder> narrowing = new HashMap<>();
    private final LinearShape shape;
    private long scratch;

    private TileKernels(LinearShape shape) {
        this.shape = shape;
    }

    static TileKernels compile(OneDnn dnn, Arena scope, LinearShape shape, boolean bias) {
        TileKernels kernels = new TileKernels(shape);
        boolean inside = bias && shape.precision() != LinearPrecision.INT8;
        for (int width : new HashSet<>(PackedPanels.widths(shape))) {
            Matmul.Panel tall = new Matmul.Panel(TALL, width, inside, shape);
            Matmul first = Matmul.compile(dnn, scope, tall, null);
            kernels.products.put(new Key(TALL, width), new Compiled(tall, first));
            Matmul.Panel brief = new Matmul.Panel(BRIEF, width, inside, shape);
            // The same packed weights for both heights.
            Matmul second = Matmul.compile(dnn, scope, brief, first.layouts().weights());
            kernels.products.put(new Key(BRIEF, width), new Compiled(brief, second));
        }
        if (shape.precision() == LinearPrecision.BF16) {
            for (int height : new int[] {TALL, BRIEF}) {
                kernels.narrowing.put(
                        height,
                        Reorder.compile(
                                dnn,
                                scope,
                                dnn.layout(scope, OneDnn.F32, height, shape.in(), shape.in()),
                                dnn.layout(scope, OneDnn.BF16, height, shape.in(), shape.in())));
            }
        }
        for (Compiled each : kernels.products.values()) {
            if (each.matmul().isSlow()) {
                throw OneDnnException.noFastCode("dnnl_matmul_primitive_desc_create");
            }
            kernels.scratch =
                    Math.max(kernels.scratch, dnn.bytes(each.matmul().layouts().scratch()));
        }
        return kernels;
    }

    MemorySegment weightsLayout(int width) {
        return compiled(TALL, width).matmul().layouts().weights();
    }

    /** Bytes that the library wants to work in, for any of them. */
    long scratchBytes() {
        return scratch;
    }

    /** What oneDNN calls the code it chose, usually one name. */
    String implementation() {
        Set<String> names =
                products.values().stream()
                        .map(each -> each.matmul().implementation())
                        .collect(Collectors.toCollection(TreeSet::new));
        return String.join(" and ", names);
    }

    private Compiled compiled(int height, int width) {
        Compiled found = products.get(new Key(height, width));
        if (found == null) {
            throw new IllegalArgumentException(
                    "no product of " + height + " rows and " + width + " outputs in " + shape);
        }
        return found;
    }

    /** What one thread runs them with. */
    Runs runs(OneDnn dnn, Arena scope) {
        Runs runs = new Runs();
        products.forEach((key, each) ->
                runs.products.put(key, new TileRun(dnn, scope, each.matmul(), each.panel())));
        narrowing.forEach(
                (height, each) -> runs.narrowing.put(height, new Reorder.Run(dnn, scope, each)));
        return runs;
    }

    /** The runs of one thread. */
    static final class Runs {
        private final Map<Key, TileRun> products = new HashMap<>();
        private final Map<Integer, Reorder.Run> narrowing = new HashMap<>();

        TileRun of(int height, int width) {
            return Objects.requireNonNull(products.get(new Key(height, width)));
        }

        Reorder.Run narrow(int height) {
            return Objects.requireNonNull(narrowing.get(height));
        }
    }
}
