package io.longspan.admin.api;

import io.longspan.store.node.NodeRow;
import java.time.Instant;
import java.util.UUID;

/** A process; how it chose its backend stands under {@code backends} of the overview. */
record NodeJson(
        UUID id,
        String roles,
        String host,
        long pid,
        String version,
        String address,
        Instant startedAt,
        Instant heartbeatAt) {
    static NodeJson of(NodeRow node) {
        return new NodeJson(
                node.id(),
                node.roles(),
                node.host(),
                node.pid(),
                node.version(),
                node.address(),
                node.startedAt(),
                node.heartbeatAt());
    }
}
