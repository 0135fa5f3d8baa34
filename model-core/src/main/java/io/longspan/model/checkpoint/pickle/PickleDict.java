package io.longspan.model.checkpoint.pickle;

import io.longspan.model.ModelInputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Python's dict or OrderedDict, in the order of the file. Keys are texts or whole numbers: anything
 * deeper would have to be hashed to its bottom. May hold itself, so it is compared by identity.
 */
public final class PickleDict {
    private final Map<Object, Object> entries = new LinkedHashMap<>();
    private final boolean ordered;

    private PickleDict(boolean ordered) {
        this.ordered = ordered;
    }

    /** A new dict. */
    public static PickleDict plain() {
        return new PickleDict(false);
    }

    /** A new OrderedDict, which may get attributes; they are dropped. */
    public static PickleDict ordered() {
        return new PickleDict(true);
    }

    /** What it holds; keys are {@link String} or {@link Long}. */
    public Map<Object, Object> entries() {
        return Collections.unmodifiableMap(entries);
    }

    boolean isOrdered() {
        return ordered;
    }

    void put(Object key, Object value) {
        if (!(key instanceof String || key instanceof Long)) {
            throw new ModelInputException(
                    "the file has a dictionary whose key is neither a text nor a whole number;"
                            + " a file of tensors has none, so get it again");
        }
        entries.put(key, value);
    }
}
