package io.longspan.serving.schedule;

/** A request that waits for a model. Its answers to all but {@link #isGone} never change. */
public interface Job {
    /** Most urgent level; larger numbers are less urgent. */
    int MOST_URGENT = 1;

    /** Level of requests that say nothing. */
    int USUAL = 5;

    /** Least urgent level. */
    int LEAST_URGENT = 9;

    /** What jobs of one batch have in common: jobs with equal lots may share one. */
    Object lot();

    /** What runs one batch at a time, such as a model; the same for all jobs of a lot. */
    Object machine();

    /** Tokens that it adds to a batch, at least 1. */
    int tokens();

    /** Whose turn it uses. */
    String caller();

    /** From {@link #MOST_URGENT} to {@link #LEAST_URGENT}. */
    int priority();

    /** Moment of the scheduler's clock from which on nobody wants the answer. */
    long deadlineNanos();

    /** Whether nobody waits for the answer any more. */
    boolean isGone();

    /** Nobody will run it: its deadline passes before it could be answered. */
    void late();
}
