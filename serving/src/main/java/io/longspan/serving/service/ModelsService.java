package io.longspan.serving.service;

import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.DescribeModelRequest;
import io.longspan.api.v1.DescribeModelResponse;
import io.longspan.api.v1.ListModelsRequest;
import io.longspan.api.v1.ListModelsResponse;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.model.config.LongformerConfig;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;

/** Says which models the server holds. */
public final class ModelsService extends ModelsGrpc.ModelsImplBase {
    private final ServedModels models;

    /** A service over models that outlive it. */
    public ModelsService(ServedModels models) {
        this.models = models;
    }

    @Override
    public void list(ListModelsRequest request, StreamObserver<ListModelsResponse> answer) {
        ListModelsResponse.Builder all = ListModelsResponse.newBuilder();
        models.all().forEach(model -> all.addModels(description(model)));
        answer.onNext(all.build());
        answer.onCompleted();
    }

    @Override
    public void describe(
            DescribeModelRequest request, StreamObserver<DescribeModelResponse> answer) {
        answer.onNext(
                DescribeModelResponse.newBuilder()
                        .setModel(description(models.find(request.getName(), "")))
                        .build());
        answer.onCompleted();
    }

    private static ModelDescription description(ServedModel model) {
        LongformerConfig config = model.model().config();
        return ModelDescription.newBuilder()
                .setName(model.name())
                .setVersion(model.version())
                .setTask(model.model().task().key())
                .setArchitecture(config.modelType().key())
                .setMaxTokens(model.session().longest())
                .setHiddenSize(config.hiddenSize())
                .setLayers(config.layers())
                .setHeads(config.heads())
                .addAllWindows(model.windows())
                .setVocabularySize(config.vocabSize())
                .setParameters(model.parameters())
                .setBackend(model.backend().name())
                .setBackendVersion(model.backend().version())
                .setPrecision(model.precision())
                .setDigest(model.digest())
                .build();
    }
}
