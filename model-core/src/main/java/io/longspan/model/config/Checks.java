package io.longspan.model.config;

import io.longspan.model.ModelInputException;

/** Limits of a configuration. They are far above any real model and keep sizes inside an int. */
final class Checks {
    static final int LARGEST_WINDOW = 1 << 24;
    static final int LARGEST_DILATION = 1 << 20;
    static final int LARGEST_SPAN = 1 << 29;
    static final int LARGEST_POSITIONS = 1 << 24;
    static final int LARGEST_VOCABULARY = 1 << 24;
    static final int LARGEST_WIDTH = 1 << 16;
    static final int LARGEST_INTERMEDIATE = 1 << 20;
    static final int LARGEST_COUNT = 1 << 10;

    private Checks() {}

    static void range(String what, long value, long lowest, long highest) {
        if (value < lowest || value > highest) {
            throw new ModelInputException(
                    what + " is " + value + "; it must be from " + lowest + " to " + highest);
        }
    }

    static void rate(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new ModelInputException(
                    what + " is " + value + "; it must be at least 0 and below 1");
        }
    }

    static void small(String what, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new ModelInputException(
                    what + " is " + value + "; it must be above 0 and at most 1");
        }
    }
}
