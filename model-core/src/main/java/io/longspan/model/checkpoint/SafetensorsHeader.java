package io.longspan.model.checkpoint;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stands before the values.
 *
 * @param tensors by name
 * @param metadata free texts by key
 */
record SafetensorsHeader(SortedMap<String, Extent> tensors, Map<String, String> metadata) {
    SafetensorsHeader {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
        metadata = Map.copyOf(metadata);
    }
}
