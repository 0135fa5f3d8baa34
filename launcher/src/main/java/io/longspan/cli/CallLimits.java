package io.longspan.cli;

import io.longspan.cli.config.UsageException;

/** Numbers of which 0 would mean a server's default, and is no number that a user gave. */
final class CallLimits {
    private CallLimits() {}

    /** The value of an option, which the server holds to its own limit. */
    static int positive(String option, int value) {
        if (value < 1) {
            throw new UsageException(option + " is " + value + "; it must be at least 1");
        }
        return value;
    }
}
