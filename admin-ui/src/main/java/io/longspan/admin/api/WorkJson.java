package io.longspan.admin.api;

import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.time.Instant;
import java.util.Optional;

/** A request for work, with its state in the words of the page. */
record WorkJson(
        long id,
        WorkKind kind,
        String title,
        String state,
        long done,
        long total,
        String note,
        String message,
        int attempt,
        Optional<String> worker,
        String requestedBy,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> heartbeatAt,
        Optional<Instant> endedAt) {
    static WorkJson of(WorkRow work) {
        return new WorkJson(
                work.id(),
                work.kind(),
                work.title(),
                work.stateForPeople(),
                work.done(),
                work.total(),
                work.note(),
                work.message(),
                work.attempt(),
                work.worker(),
                work.requestedBy(),
                work.createdAt(),
                work.startedAt(),
                work.heartbeatAt(),
                work.endedAt());
    }
}
