package io.longspan.model;

/** Hears how far a long piece of work has come. Called from the thread that works. */
@FunctionalInterface
public interface Progress {
    /**
     * One more step is done.
     *
     * @param what is being worked on, for people
     * @param done steps so far, rising to {@code total}
     * @param total steps in all
     */
    void advance(String what, long done, long total);

    /** Hears nothing. */
    static Progress none() {
        return (what, done, total) -> {};
    }
}
