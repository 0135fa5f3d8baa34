package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads moments that were given as options. */
final class TimeOption {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private TimeOption() {}

    static Optional<Instant> read(String option, @Nullable String given) {
        if (given == null) {
            return Optional.empty();
        }
        try {
            Instant time = OffsetDateTime.parse(given).toInstant();
            if (time.isBefore(FIRST) || time.isAfter(LAST)) {
                throw new DateTimeException("out of range");
            }
            return Optional.of(time);
        } catch (DateTimeException e) {
            throw new UsageException(
                    option
                            + " is '"
                            + given
                            + "'; it must be a time with its offset, such as 2026-11-01T00:00:00Z",
                    e);
        }
    }
}
