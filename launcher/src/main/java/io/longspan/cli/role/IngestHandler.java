package io.longspan.cli.role;

import io.longspan.store.Store;
import io.longspan.store.work.*;

final class IngestHandler implements WorkHandler {
    IngestHandler(Store store, int threads) {}

    @Override
    public WorkKind kind() {
        return WorkKind.INGEST;
    }

    @Override
    public WorkEnd run(WorkRow request, WorkContext context) {
        throw new IllegalStateException();
    }
}
