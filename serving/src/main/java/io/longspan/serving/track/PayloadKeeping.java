package io.longspan.serving.track;

import io.longspan.serving.ServingException;
import java.time.Duration;

/**
 * What is kept of the texts of calls and of what was answered. Nothing, unless an operator says for
 * how long.
 *
 * @param age after which it is deleted; zero keeps nothing
 * @param mostBytes of a call's requests, and as many of its answers; what is longer is cut
 */
public record PayloadKeeping(Duration age, int mostBytes) {
    /** Nothing is kept. */
    public static final PayloadKeeping NOTHING = new PayloadKeeping(Duration.ZERO, 0);

    /** KiB when nothing else is said: a text of the longest usual model. */
    public static final int DEFAULT_KIBIBYTES = 32;

    private static final int KIBIBYTE = 1024;

    /** Twice as much and a row have to fit a record of the spool. */
    private static final int MOST_KIBIBYTES = 384;

    private static final int MOST_DAYS = 3650;

    /**
     * Keeps.
     *
     * @param days after which it is deleted
     * @param kibibytes of requests and of answers at most
     * @throws ServingException when a number is out of range
     */
    public static PayloadKeeping of(int days, int kibibytes) {
        check("longspan.serve.payloads.keep-days", days, MOST_DAYS);
        check("longspan.serve.payloads.size", kibibytes, MOST_KIBIBYTES);
        return new PayloadKeeping(Duration.ofDays(days), kibibytes * KIBIBYTE);
    }

    private static void check(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new ServingException(key + " is " + value + "; it must be from 1 to " + most);
        }
    }

    boolean isOn() {
        return mostBytes > 0;
    }
}
