package io.longspan.store.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/**
 * The times of a cron expression in a time zone. An expression has five fields, minute first, or
 * six with seconds before them.
 */
public final class CronTimes {
    private final CronExpression expression;
    private final ZoneId zone;
    private final boolean everyHour;

    private CronTimes(CronExpression expression, ZoneId zone, boolean everyHour) {
        this.expression = expression;
        this.zone = zone;
        this.everyHour = everyHour;
    }

    /**
     * Reads an expression and a zone.
     *
     * @throws IllegalArgumentException naming the one that is wrong
     */
    public static CronTimes of(String cron, String zone) {
        ZoneId place;
        try {
            place = ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "time zone '"
                            + zone
                            + "' is not known; name one such as 'Europe/Paris' or 'UTC'",
                    e);
        }
        String stripped = cron.strip();
        String whole = stripped.split("\\s+", -1).length == 5 ? "0 " + stripped : stripped;
        CronExpression expression;
        try {
            expression = CronExpression.parse(whole);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cron expression '"
                            + cron
                            + "' cannot be read ("
                            + e.getMessage()
                            + "); it has five fields, such as '30 2 * * *' for half past two each"
                            + " night",
                    e);
        }
        CronTimes times = new CronTimes(expression, place, everyHour(whole));
        if (times.after(Instant.EPOCH).isEmpty()) {
            throw new IllegalArgumentException(
                    "cron expression '" + cron + "' names no time; change it");
        }
        return times;
    }

    /**
     * The first time after another one. Where hours are named, a day has each once: one that the
     * clock leaps over comes at the end of the leap, one that it shows twice comes the first time.
     * Where every hour counts, hours are those that pass.
     */
    public Optional<Instant> after(Instant time) {
        if (everyHour) {
            return Optional.ofNullable(expression.next(time.atZone(zone)))
                    .map(ZonedDateTime::toInstant);
        }
        LocalDateTime next = expression.next(time.atZone(zone).toLocalDateTime());
        while (next != null && !next.atZone(zone).toInstant().isAfter(time)) {
            next = expression.next(next);
        }
        return Optional.ofNullable(next).map(local -> local.atZone(zone).toInstant());
    }

    /**
     * Times after one and not after another.
     *
     * @param most of them that are given; the first ones
     */
    public List<Instant> between(Instant after, Instant until, int most) {
        List<Instant> found = new ArrayList<>();
        Optional<Instant> next = after(after);
        while (next.isPresent() && !next.get().isAfter(until) && found.size() < most) {
            found.add(next.get());
            next = after(next.get());
        }
        return found;
    }

    private static boolean everyHour(String whole) {
        String[] fields = whole.split("\\s+", -1);
        return fields.length == 6 && fields[2].startsWith("*");
    }
}
