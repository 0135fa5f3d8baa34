package io.longspan.attention.testkit.mutant;

/** One mistake of the plain composed backend. */
public enum ComposedFlaw {
    /** The control: no mistake. */
    NONE,
    INPUTS_CLEANED_BY_TIMES_ZERO,
    OUTPUT_ROWS_CLEARED_BY_TIMES_ZERO,
    KEYS_EXCLUDED_BY_MINUS_10000,
    TEMPORARIES_LEFT_WITH_THE_CALLER,
    TABLES_LENT_TO_AUTOGRAD,
    INPUT_SCALED_IN_PLACE
}
