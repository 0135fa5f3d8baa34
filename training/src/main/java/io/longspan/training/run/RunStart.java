package io.longspan.training.run;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a run is about to do.
 *
 * @param config every setting by its key, defaults filled in
 * @param digest of the settings and data that the numbers depend on, SHA-256 in hex
 * @param backend name of the attention backend
 * @param backendVersion version of the attention backend
 * @param data what tells the data set from others
 * @param parameters weights of the model
 * @param step already done; 0 unless a checkpoint is taken up
 * @param steps of the whole run
 */
public record RunStart(
        NavigableMap<String, String> config,
        String digest,
        String backend,
        String backendVersion,
        String data,
        long parameters,
        long step,
        long steps) {
    /** Copies the map. */
    public RunStart {
        config = Collections.unmodifiableNavigableMap(new TreeMap<>(config));
    }
}
