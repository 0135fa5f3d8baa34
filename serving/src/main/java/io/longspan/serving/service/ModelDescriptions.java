package io.longspan.serving.service;

import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.model.config.LongformerConfig;
import io.longspan.serving.model.ModelVersion;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;

/** Models as the wire has them. */
final class ModelDescriptions {
    private ModelDescriptions() {}

    static ModelDescription of(ServedModels models, ServedModel model) {
        LongformerConfig config = model.model().config();
        ModelVersion version = new ModelVersion(model.name(), model.version());
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
                .setCurrent(version.equals(models.pointers().get(model.name())))
                .setMemoryBytes(models.bytes(version))
                .build();
    }

    static ModelAlias alias(String alias, ModelVersion version) {
        return ModelAlias.newBuilder()
                .setAlias(alias)
                .setName(version.name())
                .setVersion(version.version())
                .build();
    }
}
