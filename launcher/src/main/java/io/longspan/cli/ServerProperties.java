package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.KnownKey;
import io.longspan.cli.config.UsageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What Spring is told of the configuration, beside addresses and ports. */
final class ServerProperties {
    private static final int LARGEST_MESSAGE = 1024;
    private static final int MOST_DAYS = 100_000;
    private static final int MOST_PAYLOAD_DAYS = 3650;
    private static final int LARGEST_PAYLOAD = 384;
    private static final int PERCENT = 100;

    private ServerProperties() {}

    /**
     * Properties by name.
     *
     * @throws UsageException naming the key whose value cannot be
     */
    static Map<String, Object> of(Configuration configuration) {
        Map<String, Object> properties = new HashMap<>();
        number(configuration, KnownKey.SERVE_MESSAGE, 1, LARGEST_MESSAGE)
                .ifPresent(size ->
                        properties.put("spring.grpc.server.inbound.message.max-size", size + "MB"));
        properties.put(
                "spring.grpc.server.reflection.enabled",
                isOn(configuration, KnownKey.SERVE_REFLECTION));
        properties.put(
                KnownKey.SERVE_LOG_CALLS.key(), isOn(configuration, KnownKey.SERVE_LOG_CALLS));
        put(properties, configuration, KnownKey.SERVE_KEEP_DAYS, 1, MOST_DAYS);
        needs(
                configuration,
                KnownKey.SERVE_PAYLOADS_SIZE,
                KnownKey.SERVE_PAYLOADS_KEEP_DAYS,
                "nothing is kept");
        put(properties, configuration, KnownKey.SERVE_PAYLOADS_KEEP_DAYS, 1, MOST_PAYLOAD_DAYS);
        put(properties, configuration, KnownKey.SERVE_PAYLOADS_SIZE, 1, LARGEST_PAYLOAD);
        needs(
                configuration,
                KnownKey.SERVE_METRICS_ADDRESS,
                KnownKey.SERVE_METRICS_PORT,
                "metrics are off");
        put(properties, configuration, KnownKey.SERVE_METRICS_PORT, 0, PlatformOptions.LAST_PORT);
        needs(
                configuration,
                KnownKey.SERVE_OTLP_PERCENT,
                KnownKey.SERVE_OTLP_ENDPOINT,
                "no call is followed");
        needs(
                configuration,
                KnownKey.SERVE_OTLP_HEADERS,
                KnownKey.SERVE_OTLP_ENDPOINT,
                "nothing is sent");
        put(properties, configuration, KnownKey.SERVE_OTLP_PERCENT, 0, PERCENT);
        for (KnownKey key :
                List.of(
                        KnownKey.SERVE_OTLP_ENDPOINT,
                        KnownKey.SERVE_OTLP_HEADERS,
                        KnownKey.SERVE_METRICS_ADDRESS,
                        KnownKey.CALL_KEY,
                        KnownKey.CALL_CA)) {
            configuration.get(key).ifPresent(value -> properties.put(key.key(), value));
        }
        return properties;
    }

    private static void put(
            Map<String, Object> properties,
            Configuration configuration,
            KnownKey key,
            int least,
            int most) {
        number(configuration, key, least, most)
                .ifPresent(value -> properties.put(key.key(), value));
    }

    private static OptionalInt number(
            Configuration configuration, KnownKey key, int least, int most) {
        return configuration.get(key).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(configuration.number(key, least, least, most));
    }

    private static void needs(
            Configuration configuration, KnownKey key, KnownKey other, String without) {
        if (configuration.get(key).isPresent() && configuration.get(other).isEmpty()) {
            throw new UsageException(
                    key.key()
                            + " is set without "
                            + other.key()
                            + "; name that too, since "
                            + without
                            + " without it");
        }
    }

    private static boolean isOn(Configuration configuration, KnownKey key) {
        String given = configuration.get(key).orElse("false");
        if (!given.equals("true") && !given.equals("false")) {
            throw new UsageException(key.key() + " is '" + given + "'; it must be true or false");
        }
        return given.equals("true");
    }
}
