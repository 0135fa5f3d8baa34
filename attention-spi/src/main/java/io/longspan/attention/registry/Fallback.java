package io.longspan.attention.registry;

/** What happens when the chosen backend cannot be used: {@code longspan.attention.fallback}. */
public enum Fallback {
    /** It is an error. */
    FAIL,
    /** The next best backend is used, with a warning that says why. */
    NEXT
}
