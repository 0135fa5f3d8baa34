package io.longspan.serving.access;

import io.longspan.serving.ServingException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When a key is asked for, and what each key may use.
 *
 * @param auth when a key is asked for
 * @param limits of each key
 * @param tls how connections are encrypted; empty for not at all
 */
public record AccessSettings(Auth auth, Limits limits, Optional<TlsSettings> tls) {
    /** When a key is asked for. */
    public enum Auth {
        /** Unless the server listens on loopback only. */
        AUTO,
        /** Always. */
        KEYS,
        /** Never: whoever reaches the server may call everything. */
        NONE;

        /**
         * By the name in the configuration.
         *
         * @throws ServingException when there is none of that name
         */
        public static Auth of(String key, String name) {
            return Arrays.stream(values())
                    .filter(auth -> auth.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new ServingException(
                                    key
                                            + " is '"
                                            + name
                                            + "'; it must be one of "
                                            + Arrays.stream(values())
                                                    .map(a -> a.name().toLowerCase(Locale.ROOT))
                                                    .collect(Collectors.joining(", "))));
        }
    }

    /**
     * What a key may use; 0 is no limit. A key that has used less saves up for a minute at most.
     *
     * @param callsPerMinute calls of any method
     * @param concurrentCalls calls at the same time
     * @param tokensPerMinute tokens of texts; a text of any length gets through while there is
     *     something left, and what it takes too much has to come back first
     */
    public record Limits(int callsPerMinute, int concurrentCalls, int tokensPerMinute) {
        /** No limits. */
        public static final Limits NONE = new Limits(0, 0, 0);

        /**
         * Checks the numbers.
         *
         * @throws ServingException when one is negative
         */
        public Limits {
            if (callsPerMinute < 0 || concurrentCalls < 0 || tokensPerMinute < 0) {
                throw new ServingException(
                        "the limits of a key are "
                                + callsPerMinute
                                + " calls and "
                                + tokensPerMinute
                                + " tokens a minute and "
                                + concurrentCalls
                                + " calls at once; each must be at least 1, or 0 for none");
            }
        }
    }

    /** A key when the server is reached from elsewhere, no limits, and no encryption. */
    public static AccessSettings defaults() {
        return new AccessSettings(Auth.AUTO, Limits.NONE, Optional.empty());
    }
}
