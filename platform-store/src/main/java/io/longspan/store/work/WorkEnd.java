package io.longspan.store.work;

/** How a handler's work ended. */
public sealed interface WorkEnd {
    /**
     * All of it is done.
     *
     * @param result what came out, as JSON
     */
    record Done(String result) implements WorkEnd {}

    /**
     * It stopped because {@link WorkContext#stopRequested} said so; it can be restarted and goes on
     * where it ended.
     *
     * @param message one line for people; may be empty
     */
    record Stopped(String message) implements WorkEnd {}

    /**
     * It cannot be done.
     *
     * @param message one sentence that says why and what to do
     */
    record Failed(String message) implements WorkEnd {}
}
