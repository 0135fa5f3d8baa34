package io.longspan.cli;

import io.longspan.cli.term.Console;
import io.longspan.store.Store;
import io.longspan.store.work.WorkKind;
import java.util.Map;
import java.util.Optional;

/** Hands work to the queue from the command line: written down, audited, told. */
final class WorkSubmission {
    private WorkSubmission() {}

    /**
     * Submits a request and says how to watch it.
     *
     * @param payload JSON that the worker's handler understands
     */
    static void submit(Store store, WorkKind kind, String title, String payload, Console console) {
        long id = store.work().submit(kind, title, payload, Machine.user());
        store.audit().add(Machine.user(), "work.submit", "work " + id, Optional.of(payload));
        console.line(
                Map.of("id", id, "title", title),
                "request "
                        + id
                        + " waits for a worker: 'longspan work status "
                        + id
                        + "' shows it");
    }
}
