package io.longspan.cli.role;

import io.longspan.corpus.ParquetMemory;
import io.longspan.ingest.Ingest;
import io.longspan.ingest.IngestOutcome;
import io.longspan.ingest.IngestProgress;
import io.longspan.ingest.IngestRequest;
import io.longspan.store.Store;
import io.longspan.store.work.WorkContext;
import io.longspan.store.work.WorkEnd;
import io.longspan.store.work.WorkHandler;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;

/** Ingests what a request of the queue asks for; its payload is the ingest request. */
final class IngestHandler implements WorkHandler {
    private final Ingest ingest;
    private final int threads;

    IngestHandler(Store store, int threads, int parquetMebibytes) {
        ingest = Ingest.open(store, new ParquetMemory(parquetMebibytes));
        this.threads = threads;
    }

    @Override
    public WorkKind kind() {
        return WorkKind.INGEST;
    }

    @Override
    public WorkEnd run(WorkRow request, WorkContext context) {
        IngestRequest wanted = IngestRequest.fromJson(request.payload()).withWorkers(threads);
        IngestProgress progress =
                at -> context.progress(at.bytesDone(), at.bytesTotal(), IngestSummary.note(at));
        return switch (ingest.run(wanted, progress, context::stopRequested)) {
            case IngestOutcome.Complete complete ->
                    new WorkEnd.Done(Json.text(IngestSummary.json(complete)));
            case IngestOutcome.Stopped stopped ->
                    new WorkEnd.Stopped(
                            "stopped after "
                                    + stopped.reached().documentsDone()
                                    + " documents; restarted, it goes on from there");
        };
    }
}
