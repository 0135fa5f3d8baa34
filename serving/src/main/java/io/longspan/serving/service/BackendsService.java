package io.longspan.serving.service;

import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.BackendSelection;
import io.longspan.api.v1.BackendsGrpc;
import io.longspan.api.v1.ListBackendsRequest;
import io.longspan.api.v1.ListBackendsResponse;
import io.longspan.serving.model.ServedModels;

/** Says which attention backends run the models, and how they were chosen. */
public final class BackendsService extends BackendsGrpc.BackendsImplBase {
    private final ServedModels models;

    /** A service over models that outlive it. */
    public BackendsService(ServedModels models) {
        this.models = models;
    }

    @Override
    public void list(ListBackendsRequest request, StreamObserver<ListBackendsResponse> answer) {
        ListBackendsResponse.Builder all = ListBackendsResponse.newBuilder();
        models.all()
                .forEach(model ->
                        all.addSelections(
                                BackendSelection.newBuilder()
                                        .setModel(model.name())
                                        .setModelVersion(model.version())
                                        .setBackend(model.backend().name())
                                        .setBackendVersion(model.backend().version())
                                        .setPrecision(model.precision())
                                        .setReportJson(model.backend().selectionReport())));
        answer.onNext(all.build());
        answer.onCompleted();
    }
}
