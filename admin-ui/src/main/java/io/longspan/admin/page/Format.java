package io.longspan.admin.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * How the page writes times and numbers. Its methods are public because templates find no others.
 *
 * @param now the moment at which the page is made
 * @param zone of the reader
 */
public record Format(Instant now, ZoneId zone) {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** For a reader in UTC. */
    public Format(Instant now) {
        this(now, ZoneOffset.UTC);
    }

    private static final double NANOS_PER_MILLI = 1e6;
    private static final String UNKNOWN = "–";

    /** A whole number with its digits in groups of three. */
    public String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A loss in nats. */
    public String loss(Optional<Double> value) {
        return value.map(this::value).orElse(UNKNOWN);
    }

    /** A measured loss in nats. */
    public String value(double loss) {
        return String.format(Locale.ROOT, "%.4f", loss);
    }

    /** A number that may be far below 1. */
    public String tiny(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }

    /** Nanoseconds as milliseconds. */
    public String millis(long nanos) {
        return String.format(Locale.ROOT, "%,.1f", nanos / NANOS_PER_MILLI);
    }

    /** A part of a whole, in whole per cent rounded down; a whole of 0 is unknown. */
    public String percent(long done, long total) {
        return total <= 0 ? UNKNOWN : (long) Math.clamp(done * 100.0 / total, 0, 100) + " %";
    }

    /** UTC, ISO 8601, to the second. */
    public String utc(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The reader's zone, to the second, without the zone. */
    public String local(Instant time) {
        return LOCAL.format(time.atZone(zone));
    }

    /** A number with a few digits. */
    public String decimal(double value) {
        return Math.abs(value) >= 1000
                ? number(Math.round(value))
                : String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3g", value);
    }

    /** Bytes in the largest unit of which there is at least one. */
    public String bytes(long count) {
        double left = count;
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (left >= 1024 && unit < units.length - 1) {
            left /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", left, units[unit]);
    }

    /** A length of time. */
    public String length(Duration time) {
        return span(time);
    }

    /** How long ago. */
    public String ago(Instant time) {
        Duration past = Duration.between(time, now);
        return past.toSeconds() < 2 ? "now" : span(past) + " ago";
    }

    /** How long something has been going on. */
    public String since(Instant time) {
        return span(Duration.between(time, now));
    }

    /** How long something went on, or has been going on if it has no end. */
    public String between(Instant start, Optional<Instant> end) {
        return span(Duration.between(start, end.orElse(now)));
    }

    /** {@code longspan.v1.Inference/Embed} as {@code Embed}. */
    public String method(String full) {
        return full.substring(full.indexOf('/') + 1);
    }

    private static String span(Duration time) {
        if (time.isNegative()) {
            return "0 s";
        }
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
