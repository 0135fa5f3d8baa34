package io.longspan.model.linear;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * oneDNN's copy from one layout and type to another.
 *
 * @param primitive oneDNN's; threads share it
 * @param from layout read
 * @param to layout written
 */
record Reorder(MemorySegment primitive, MemorySegment from, MemorySegment to) {
    static Reorder compile(OneDnn dnn, Arena scope, MemorySegment from, MemorySegment to) {
        MemorySegment described =
                dnn.create(
                        scope,
                        "dnnl_primitive_desc",
                        "dnnl_reorder_primitive_desc_create",
                        from,
                        dnn.engine(),
                        to,
                        dnn.engine(),
                        MemorySegment.NULL);
        return new Reorder(
                dnn.create(scope, "dnnl_primitive", "dnnl_primitive_create", described), from, to);
    }

    /** Copies once, on this thread. */
    void once(OneDnn dnn, Arena scope, long source, long target) {
        new Run(dnn, scope, this).run(dnn.stream(scope), source, target);
    }

    /** What one thread needs to copy again and again. */
    static final class Run {
        private static final int SOURCE = 1;
        private static final int TARGET = 17;
        private final OneDnn dnn;
        private final MemorySegment primitive;
        private final MemorySegment source;
        private final MemorySegment target;
        private final MemorySegment arguments;

        Run(OneDnn dnn, Arena scope, Reorder reorder) {
            this.dnn = dnn;
            primitive = reorder.primitive();
            source = dnn.memory(scope, reorder.from(), 0);
            target = dnn.memory(scope, reorder.to(), 0);
            arguments = scope.allocate(2 * OneDnn.ARGUMENT_BYTES, Long.BYTES);
            arguments.set(JAVA_INT, 0, SOURCE);
            arguments.set(ADDRESS, Long.BYTES, source);
            arguments.set(JAVA_INT, OneDnn.ARGUMENT_BYTES, TARGET);
            arguments.set(ADDRESS, OneDnn.ARGUMENT_BYTES + Long.BYTES, target);
        }

        void run(MemorySegment stream, long from, long to) {
            dnn.place(source, from);
            dnn.place(target, to);
            dnn.execute(primitive, stream, 2, arguments);
        }
    }
}
