package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way through packed layers, in a workspace: no array is made but for rows of many
 * global tokens and for backends composed of array operations. One thread.
 *
 * @param scope closed after the pass
 */
record PackedPass(
        PackedShape shape,
        SequenceLayout layout,
        AttentionSession session,
        Workspace space,
        RowJobs jobs,
        NDManager scope) {
    /**
     * Runs a layer on the first T rows of {@link Workspace#hidden} and leaves the rows wanted
     * there, in their order.
     */
    void run(PackedLayer layer, QueryRows rows) {
        SelectedRows wanted = SelectedRows.of(layout, rows);
        if (!rows.isAll() && shape.maskedRowsAttend() && wanted.masked() > 0) {
            run(layer, QueryRows.all());
            pick(space.hidden(), wanted.all());
            return;
        }
        int tokens = layout.tokens();
        if (shape.preNorm()) {
            norm(layer.attentionNorm(), space.hidden(), space.read(), tokens);
        }
        MemorySegment globals =
                globalRows(layer, rows.isAll() ? layout.globals() : wanted.global());
        if (rows.isAll()) {
            project(layer, tokens);
            attention().run(layer.window(), shape.headSize(), rows, tokens, scope);
            maskedRows(layer);
            put(globals, layout.globals());
            finish(layer, tokens);
        } else {
            localRows(layer, wanted.local());
            spread(wanted, globals);
            pick(space.hidden(), wanted.all());
            finish(layer, wanted.all().length);
        }
    }

    /**
     * Queries, keys and values of all tokens; both projections read rows while a cache has them.
     */
    private void project(PackedLayer layer, int tokens) {
        for (int first = 0; first < tokens; first += Workspace.CHUNK) {
            int count = Math.min(Workspace.CHUNK, tokens - first);
            MemorySegment read = part(space.read(), first, count);
            layer.keyValue().apply(read, count, keyValue(first, count), null);
            layer.query().apply(read, count, part(space.query(), first, count), null);
        }
    }

    /** The attention of some local tokens, in the first rows of the context. */
    private void localRows(PackedLayer layer, int[] local) {
        if (local.length == 0) {
            return;
        }
        int tokens = layout.tokens();
        layer.keyValue().apply(state(space.read(), tokens), tokens, keyValue(0, tokens), null);
        if (attention().takesRows(layer.window(), shape.headSize(), scope)) {
            for (int r = 0; r < local.length; r++) {
                copyRow(space.read(), local[r], space.context(), r);
            }
            layer.query()
                    .apply(
                            state(space.context(), local.length),
                            local.length,
                            state(space.query(), local.length),
                            null);
            attention()
                    .run(
                            layer.window(),
                            shape.headSize(),
                            QueryRows.of(local),
                            local.length,
                            scope);
        } else {
            layer.query()
                    .apply(state(space.read(), tokens), tokens, state(space.query(), tokens), null);
            attention().run(layer.window(), shape.headSize(), QueryRows.all(), tokens, scope);
            pick(space.context(), local);
        }
    }

    private PackedAttention attention() {
        return new PackedAttention(session, space, jobs.crew(), layout.tokens(), shape.width());
    }

    /**
     * What follows attention, for the first rows of context and hidden state: a stretch of rows
     * goes all the way while a cache has it.
     */
    private void finish(PackedLayer layer, int rows) {
        for (int first = 0; first < rows; first += Workspace.CHUNK) {
            int count = Math.min(Workspace.CHUNK, rows - first);
            MemorySegment hidden = part(space.hidden(), first, count);
            MemorySegment attended = part(space.query(), 0, count); // its queries are used up
            layer.projection().apply(part(space.context(), first, count), count, attended, hidden);
            if (!shape.preNorm()) {
                norm(layer.attentionNorm(), attended, attended, count);
            }
            MemorySegment read = attended;
            if (shape.preNorm()) {
                read = part(space.read(), 0, count);
                norm(layer.outputNorm(), attended, read, count);
            }
            MemorySegment inner =
                    space.inner().asSlice(0, (long) count * layer.up().out() * Float.BYTES);
            layer.up().apply(read, count, inner, null);
            layer.down().apply(inner, count, hidden, attended);
            if (!shape.preNorm()) {
                norm(layer.outputNorm(), hidden, hidden, count);
            }
        }
    }

    /** Normalises the first rows. */
    void norm(RawNorm norm, MemorySegment from, MemorySegment to, int rows) {
        jobs.run(
                rows,
                (first, last, worker) -> norm.apply(from, to, first, last, space.line(worker, 0)));
    }

    /**
     * The rows of global tokens, [wanted, N], valid until they are asked for again; null for none.
     */
    private @Nullable MemorySegment globalRows(PackedLayer layer, int[] wanted) {
        if (wanted.length == 0) {
            return null;
        }
        PackedGlobalRows own = layer.globalRows();
        if (own == null) {
            throw GlobalRows.missing();
        }
        return own.forward(space, layout, wanted, jobs.crew(), scope);
    }

    /** Writes rows of global tokens over what the backend left in their places. */
    private void put(@Nullable MemorySegment rows, int[] places) {
        if (rows != null) {
            for (int i = 0; i < places.length; i++) {
                copyRow(rows, i, space.context(), places[i]);
            }
        }
    }

    private void maskedRows(PackedLayer layer) {
        if (!shape.maskedRowsAttend() || layout.maskedCount() == 0) {
            return;
        }
        int[] masked = MaskedRows.tokens(layout);
        if (masked.length > 0) {
            try (ComputeCrew.Turn _ = jobs.crew().turn();
                    NDManager own = scope.newSubManager()) {
                PackedAttention from = attention();
                NDArray rows =
                        MaskedRows.forward(
                                from.queries(
                                        own, layer.window(), layout.tokens(), shape.headSize()),
                                from.key(own, layer.window(), shape.headSize()),
                                from.value(own, layer.window(), shape.headSize()),
                                layout,
                                layer.window().pattern().scale()); // [masked, N]
                try (NDArray flat = rows.flatten()) { // [masked * N]
                    MemorySegment memory = TensorBridge.memory(flat);
                    for (int i = 0; i < masked.length; i++) {
                        copyRow(memory, i, space.context(), masked[i]);
                    }
                }
            }
        }
    }

    /** Local rows move from the front of the context to their places among the wanted ones. */
    private void spread(SelectedRows wanted, @Nullable MemorySegment globals) {
        int[] all = wanted.all();
        int local = wanted.local().length;
        int global = wanted.global().length;
        for (int r = all.length - 1; r >= 0; r--) {
            switch (layout.role(all[r])) {
                case LOCAL -> copyRow(space.context(), --local, space.context(), r);
                case GLOBAL -> {
                    if (globals != null) {
                        copyRow(globals, --global, space.context(), r);
                    }
                }
                case MASKED -> row(space.context(), r).fill((byte) 0);
            }
        }
    }

    /** Moves ascending rows to the front. */
    private void pick(MemorySegment memory, int[] rows) {
        for (int r = 0; r < rows.length; r++) {
            copyRow(memory, rows[r], memory, r);
        }
    }

    private void copyRow(MemorySegment from, long source, MemorySegment to, long target) {
        row(to, target).copyFrom(row(from, source));
    }

    private MemorySegment row(MemorySegment memory, long row) {
        return memory.asSlice(row * shape.rowBytes(), shape.rowBytes());
    }

    private MemorySegment state(MemorySegment memory, int rows) {
        return part(memory, 0, rows);
    }

    private MemorySegment part(MemorySegment memory, int first, int rows) {
        return memory.asSlice(first * shape.rowBytes(), rows * shape.rowBytes());
    }

    private MemorySegment keyValue(int first, int rows) {
        return space.keyValue()
                .asSlice(2L * first * shape.rowBytes(), 2L * rows * shape.rowBytes());
    }
}
