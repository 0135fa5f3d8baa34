package io.longspan.attention;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Something a workload may need. A backend declares the features it supports; the contract kit
 * proves each declared one and demands that each undeclared one is refused with a reason.
 */
public enum Feature {
    /** Heads of one layer with different windows. */
    PER_HEAD_WINDOW("windows that differ by head"),
    /** Left and right reach differ. */
    ASYMMETRIC_WINDOW("windows with different left and right reach"),
    /** A gap between the keys of a window. */
    DILATION("dilation"),
    /** Heads of one layer with different dilation. */
    PER_HEAD_DILATION("dilation that differs by head"),
    /** Nothing is seen from behind. */
    CAUSAL("causal attention"),
    /** An additive bias per head and offset. */
    OFFSET_BIAS("an offset bias"),
    /** Keys that every row of the sequence sees. */
    GLOBAL_KEYS("global keys"),
    /** Tokens that neither see nor are seen. */
    MASKED_TOKENS("masked tokens"),
    /** Only some rows are wanted. */
    QUERY_ROWS("a list of query rows"),
    /** Dropout of probabilities. */
    DROPOUT("attention dropout"),
    /** The log-sum-exp of each row is wanted. */
    LOG_SUM_EXP("log-sum-exp"),
    /** Gradients are wanted. */
    GRADIENTS("gradients");

    private final String words;

    Feature(String words) {
        this.words = words;
    }

    /** The feature in words, fit for "does not support ...". */
    public String words() {
        return words;
    }

    /** The features that come with this one: whoever declares it has to declare these too. */
    public Set<Feature> implied() {
        return switch (this) {
            case PER_HEAD_DILATION -> Collections.unmodifiableSet(EnumSet.of(DILATION));
            case CAUSAL -> Collections.unmodifiableSet(EnumSet.of(ASYMMETRIC_WINDOW));
            case PER_HEAD_WINDOW,
                    ASYMMETRIC_WINDOW,
                    DILATION,
                    OFFSET_BIAS,
                    GLOBAL_KEYS,
                    MASKED_TOKENS,
                    QUERY_ROWS,
                    DROPOUT,
                    LOG_SUM_EXP,
                    GRADIENTS ->
                    Set.of();
        };
    }
}
