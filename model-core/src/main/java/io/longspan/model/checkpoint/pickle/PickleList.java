package io.longspan.model.checkpoint.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's list. May hold itself, so it is compared by identity. */
public final class PickleList {
    private final List<Object> items = new ArrayList<>();

    /** What it holds. */
    public List<Object> items() {
        return Collections.unmodifiableList(items);
    }

    void add(Object item) {
        items.add(item);
    }
}
