package io.longspan.model.checkpoint.pickle;

import java.util.List;

/**
 * Python's tuple. Compared by identity: a hostile file may nest tuples so deep that comparing them
 * would end in a stack overflow.
 */
public final class PickleTuple {
    private final List<Object> items;

    PickleTuple(List<Object> items) {
        this.items = List.copyOf(items);
    }

    /** What it holds. */
    public List<Object> items() {
        return items;
    }
}
