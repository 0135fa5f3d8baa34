package io.longspan.serving.access;

import io.longspan.serving.access.AccessSettings.Limits;
import io.longspan.store.key.ApiKeyRow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** A meter for every key that has called, for as long as the server runs. Thread-safe. */
final class KeyMeters {
    private final Limits limits;
    private final LongSupplier nanos;
    private final Map<Long, KeyMeter> meters = new ConcurrentHashMap<>();

    KeyMeters(Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    KeyMeter of(ApiKeyRow key) {
        return meters.computeIfAbsent(key.id(), _ -> new KeyMeter(key.name(), limits, nanos));
    }
}
