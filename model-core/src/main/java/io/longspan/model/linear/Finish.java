package io.longspan.model.linear;

/** What happens to x Wt + b before it is written. */
public enum Finish {
    /** Nothing. */
    PLAIN,

    /** GELU with the error function, not with its tanh approximation. */
    GELU,

    /** A residual of the shape of the output is added. */
    ADD
}
