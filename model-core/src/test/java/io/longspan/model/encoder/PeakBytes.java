package io.longspan.model.encoder;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.io.Serial;
import java.lang.reflect.Field;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The most live float32 bytes of a manager and of those below it, looked at whenever an array is
 * made in one of them. By a map that takes the place of DJL's own.
 */
final class PeakBytes {
    private final NDManager root;
    private long most;

    private PeakBytes(NDManager root) {
        this.root = root;
    }

    /** Watches a manager from now on. */
    static PeakBytes of(NDManager root) {
        PeakBytes peak = new PeakBytes(root);
        peak.watch((BaseNDManager) root);
        return peak;
    }

    long most() {
        return most;
    }

    private void watch(BaseNDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            @SuppressWarnings("unchecked")
            ConcurrentHashMap<String, AutoCloseable> before =
                    (ConcurrentHashMap<String, AutoCloseable>) field.get(manager);
            Watched watched = new Watched();
            watched.putAll(before);
            field.set(manager, watched);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Watched extends ConcurrentHashMap<String, AutoCloseable> {
        @Serial private static final long serialVersionUID = 1;

        @Override
        public AutoCloseable put(String key, AutoCloseable resource) {
            AutoCloseable before = super.put(key, resource);
            if (resource instanceof BaseNDManager below) {
                watch(below);
            } else {
                most = Math.max(most, LiveBytes.of(root));
            }
            return before;
        }
    }
}
