package io.longspan.store.node;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One process of the platform.
 *
 * @param id key, made by the process
 * @param roles such as {@code serve,worker}
 * @param host it runs on
 * @param pid its process id there
 * @param version of Longspan
 * @param address where it can be reached, such as {@code grpc 127.0.0.1:9090}; empty when nowhere
 * @param selectionReport how its attention backend was chosen, as JSON
 * @param startedAt when it started
 * @param heartbeatAt when it last said that it lives
 * @param endedAt when it ended in order
 */
public record NodeRow(
        UUID id,
        String roles,
        String host,
        long pid,
        String version,
        String address,
        Optional<String> selectionReport,
        Instant startedAt,
        Instant heartbeatAt,
        Optional<Instant> endedAt) {}
