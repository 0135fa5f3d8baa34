package io.longspan.serving.track;

import io.grpc.Context;

/**
 * Who calls, told by whoever finds out to whoever stands further out and writes it down. Also of
 * calls that have no row. Thread-safe.
 */
public final class CallerNote {
    private static final Context.Key<CallerNote> CURRENT = Context.key("longspan-caller-note");

    private volatile String name = TrackedCall.ANONYMOUS;

    /** A note of nobody. */
    public CallerNote() {}

    /** A context in which this note is written on. */
    public Context in(Context context) {
        return context.withValue(CURRENT, this);
    }

    /** Somebody has found out who makes the current call. */
    public static void caller(String name) {
        CallerNote note = CURRENT.get();
        if (note != null) {
            note.name = name;
        }
        if (TrackedCall.isTracked()) {
            TrackedCall.current().caller(name);
        }
    }

    /** Who calls, as far as somebody has found out. */
    public String name() {
        return name;
    }
}
