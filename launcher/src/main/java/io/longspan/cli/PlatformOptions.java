package io.longspan.cli;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.KnownKey;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.PlatformSettings;
import io.longspan.cli.role.PlatformSettings.Endpoint;
import io.longspan.cli.role.Role;
import io.longspan.corpus.ParquetMemory;
import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.ServingSettings;
import io.longspan.serving.access.AccessSettings;
import io.longspan.serving.access.TlsSettings;
import io.longspan.serving.schedule.SchedulerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Turns the configuration into the settings of a process. */
final class PlatformOptions {
    /** Port of the gRPC server unless another is named. */
    static final int GRPC_PORT = 9090;

    /** Port of the console unless another is named. */
    static final int CONSOLE_PORT = 8080;

    private static final String LOOPBACK = "127.0.0.1";
    static final int LAST_PORT = 65535;
    private static final int MEBIBYTE = 20;

    private PlatformOptions() {}

    /**
     * The settings.
     *
     * @param grpcPort from the command line; wins over the configuration
     * @param consolePort from the command line; wins over the configuration
     */
    static PlatformSettings settings(
            Set<Role> roles,
            Configuration configuration,
            AttentionSettings attention,
            Path state,
            List<ServedModelSpec> models,
            OptionalInt grpcPort,
            OptionalInt consolePort) {
        return new PlatformSettings(
                roles,
                attention,
                configuration.inferencePrecision(),
                state.resolve("spool"),
                (long)
                                configuration.number(
                                        KnownKey.SERVE_SPOOL,
                                        (int) (ServingSettings.DEFAULT_SPOOL_BYTES >> MEBIBYTE),
                                        1,
                                        1 << MEBIBYTE)
                        << MEBIBYTE,
                models,
                memory(configuration),
                configuration.get(KnownKey.SERVE_MODEL_ROOTS).map(PlatformOptions::folders),
                schedule(configuration),
                access(configuration),
                ServerProperties.of(configuration),
                new Endpoint(
                        configuration.get(KnownKey.SERVE_ADDRESS).orElse(LOOPBACK),
                        port(configuration, KnownKey.SERVE_PORT, GRPC_PORT, grpcPort)),
                new Endpoint(
                        configuration.get(KnownKey.ADMIN_ADDRESS).orElse(LOOPBACK),
                        port(configuration, KnownKey.ADMIN_PORT, CONSOLE_PORT, consolePort)),
                configuration.get(KnownKey.ADMIN_PASSWORD),
                ingestThreads(configuration),
                parquetMebibytes(configuration),
                Duration.ofSeconds(
                        configuration.number(KnownKey.WORKER_DEAD_AFTER, 60, 2, 86_400)));
    }

    private static AccessSettings access(Configuration configuration) {
        return new AccessSettings(
                configuration
                        .get(KnownKey.SERVE_AUTH)
                        .map(name -> AccessSettings.Auth.of(KnownKey.SERVE_AUTH.key(), name))
                        .orElse(AccessSettings.Auth.AUTO),
                new AccessSettings.Limits(
                        limit(configuration, KnownKey.SERVE_LIMIT_CALLS),
                        limit(configuration, KnownKey.SERVE_LIMIT_CONCURRENT),
                        limit(configuration, KnownKey.SERVE_LIMIT_TOKENS)),
                tls(configuration));
    }

    private static Optional<TlsSettings> tls(Configuration configuration) {
        Optional<Path> certificate =
                configuration.get(KnownKey.SERVE_TLS_CERTIFICATE).map(Path::of);
        Optional<Path> key = configuration.get(KnownKey.SERVE_TLS_KEY).map(Path::of);
        Optional<Path> clients = configuration.get(KnownKey.SERVE_TLS_CLIENTS).map(Path::of);
        if (certificate.isPresent() != key.isPresent()
                || (clients.isPresent() && certificate.isEmpty())) {
            throw new UsageException(
                    "TLS takes longspan.serve.tls.certificate and longspan.serve.tls.key together, and both for longspan.serve.tls.clients; give what is missing, or none");
        }
        return certificate.map(file -> new TlsSettings(file, key.orElseThrow(), clients));
    }

    private static int limit(Configuration configuration, KnownKey key) {
        return configuration.number(key, 0, 1, Integer.MAX_VALUE);
    }

    private static OptionalLong memory(Configuration configuration) {
        return configuration.get(KnownKey.SERVE_MEMORY).isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        (long) configuration.number(KnownKey.SERVE_MEMORY, 1, 1, Integer.MAX_VALUE)
                                << MEBIBYTE);
    }

    private static List<Path> folders(String listed) {
        return Arrays.stream(listed.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toList();
    }

    private static SchedulerSettings schedule(Configuration configuration) {
        SchedulerSettings standard = SchedulerSettings.defaults();
        return standard.withWaiting(
                        configuration.number(
                                KnownKey.SERVE_QUEUE, standard.waiting(), 1, 1_000_000))
                .withWaitingTokens(
                        configuration.number(
                                KnownKey.SERVE_QUEUE_TOKENS, standard.waitingTokens(), 1, 1 << 30))
                .withBatch(
                        configuration.number(
                                KnownKey.SERVE_BATCH_TOKENS, standard.batchTokens(), 1, 1 << 30),
                        configuration.number(
                                KnownKey.SERVE_BATCH_REQUESTS,
                                standard.batchRequests(),
                                1,
                                1_000_000));
    }

    /** Threads of an ingest job: as configured, or one per processor. */
    static int ingestThreads(Configuration configuration) {
        return configuration.number(KnownKey.INGEST_THREADS, Machine.threads(), 1, 256);
    }

    /** MiB that readers of Parquet may take together. */
    static int parquetMebibytes(Configuration configuration) {
        return configuration.number(
                KnownKey.INGEST_PARQUET_MEMORY,
                ParquetMemory.STANDARD_MEBIBYTES,
                ParquetMemory.LEAST_MEBIBYTES,
                1 << 20);
    }

    private static int port(
            Configuration configuration, KnownKey key, int otherwise, OptionalInt given) {
        return given.isPresent()
                ? given.getAsInt()
                : configuration.number(key, otherwise, 0, LAST_PORT);
    }
}
