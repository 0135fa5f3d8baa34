package io.longspan.cli.demo;

import io.longspan.cli.role.Json;
import io.longspan.cli.term.ProgressLine;
import io.longspan.store.Store;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import tools.jackson.databind.JsonNode;

/** Hands work to the queue and watches it to its end. */
final class QueuedWork {
    private static final long LOOK_MILLIS = 200;

    private QueuedWork() {}

    /**
     * Submits a request and waits for it.
     *
     * @return what came out
     * @throws DemoFailedException when it did not end well
     */
    static JsonNode run(Store store, WorkKind kind, String title, String payload) {
        long id = store.work().submit(kind, title, payload, "demo");
        try (ProgressLine progress = new ProgressLine(title)) {
            while (true) {
                WorkRow row = store.work().find(id).orElseThrow();
                if (row.total() > 0) {
                    progress.advance(row.note(), row.done(), row.total());
                }
                if (row.state().ended()) {
                    return result(row);
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            store.work().requestStop(id);
            Thread.currentThread().interrupt();
            throw new DemoFailedException("the demo was interrupted");
        }
    }

    private static JsonNode result(WorkRow row) {
        return row.result()
                .map(Json::tree)
                .orElseThrow(() ->
                        new DemoFailedException(
                                "'"
                                        + row.title()
                                        + "' ended as "
                                        + row.state()
                                        + ": "
                                        + row.message()));
    }
}
