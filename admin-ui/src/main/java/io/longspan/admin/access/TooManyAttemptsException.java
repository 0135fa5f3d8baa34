package io.longspan.admin.access;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** A login that was not even looked at, because too many before it failed. */
final class TooManyAttemptsException extends AuthenticationException {
    private static final long serialVersionUID = 1;

    private final Duration wait;

    TooManyAttemptsException(Duration wait) {
        super("too many failed logins");
        this.wait = wait;
    }

    /** Seconds until the next attempt, rounded up. */
    long seconds() {
        return wait.plusMillis(999).toSeconds();
    }
}
