package io.longspan.serving.service;

import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.DeleteAliasRequest;
import io.longspan.api.v1.DeleteAliasResponse;
import io.longspan.api.v1.DescribeModelRequest;
import io.longspan.api.v1.DescribeModelResponse;
import io.longspan.api.v1.ListModelsRequest;
import io.longspan.api.v1.ListModelsResponse;
import io.longspan.api.v1.LoadModelRequest;
import io.longspan.api.v1.LoadModelResponse;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.api.v1.SetAliasRequest;
import io.longspan.api.v1.SetAliasResponse;
import io.longspan.api.v1.UnloadModelRequest;
import io.longspan.api.v1.UnloadModelResponse;
import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.ServingException;
import io.longspan.serving.model.ModelRoots;
import io.longspan.serving.model.ServedModels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Says which models the server holds, and changes it. */
public final class ModelsService extends ModelsGrpc.ModelsImplBase {
    private final ServedModels models;
    private final ModelRoots roots;

    /** A service over models that outlive it. */
    public ModelsService(ServedModels models, ModelRoots roots) {
        this.models = models;
        this.roots = roots;
    }

    @Override
    public void list(ListModelsRequest request, StreamObserver<ListModelsResponse> answer) {
        ListModelsResponse.Builder all = ListModelsResponse.newBuilder();
        models.all().forEach(model -> all.addModels(ModelDescriptions.of(models, model)));
        models.pointers()
                .forEach((alias, version) -> {
                    if (!alias.equals(version.name())) {
                        all.addAliases(ModelDescriptions.alias(alias, version));
                    }
                });
        answer.onNext(all.build());
        answer.onCompleted();
    }

    @Override
    public void describe(
            DescribeModelRequest request, StreamObserver<DescribeModelResponse> answer) {
        answer.onNext(
                DescribeModelResponse.newBuilder()
                        .setModel(
                                ModelDescriptions.of(
                                        models,
                                        models.find(request.getName(), request.getVersion())))
                        .build());
        answer.onCompleted();
    }

    @Override
    public void load(LoadModelRequest request, StreamObserver<LoadModelResponse> answer) {
        when(
                models.load(spec(request), request.getKeepPrevious()),
                answer,
                model ->
                        LoadModelResponse.newBuilder()
                                .setModel(ModelDescriptions.of(models, model))
                                .build());
    }

    private ServedModelSpec spec(LoadModelRequest request) {
        Path folder = roots.resolve(request.getFolder());
        Optional<String> version =
                Optional.of(request.getVersion()).filter(given -> !given.isEmpty());
        try {
            return new ServedModelSpec(request.getName(), version, folder);
        } catch (ServingException e) {
            throw Refused.because(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void unload(UnloadModelRequest request, StreamObserver<UnloadModelResponse> answer) {
        when(
                models.unload(request.getName(), request.getVersion()),
                answer,
                _ -> UnloadModelResponse.getDefaultInstance());
    }

    @Override
    public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> answer) {
        try {
            ServedModelSpec.checkName("alias", request.getAlias());
        } catch (ServingException e) {
            throw Refused.because(String.valueOf(e.getMessage()));
        }
        when(
                models.point(request.getAlias(), request.getName(), request.getVersion()),
                answer,
                version ->
                        SetAliasResponse.newBuilder()
                                .setAlias(ModelDescriptions.alias(request.getAlias(), version))
                                .build());
    }

    @Override
    public void deleteAlias(
            DeleteAliasRequest request, StreamObserver<DeleteAliasResponse> answer) {
        when(
                models.removeAlias(request.getAlias()),
                answer,
                _ -> DeleteAliasResponse.getDefaultInstance());
    }

    private static <T, A> void when(
            CompletableFuture<T> done, StreamObserver<A> observer, Function<T, A> answer) {
        CompletableFuture<T> _ =
                done.whenComplete((result, problem) -> {
                    if (problem == null) {
                        observer.onNext(answer.apply(result));
                        observer.onCompleted();
                    } else {
                        Throwable cause =
                                problem instanceof CompletionException && problem.getCause() != null
                                        ? problem.getCause()
                                        : problem;
                        observer.onError(
                                Statuses.of(cause, "a change of models")
                                        .asRuntimeException(Statuses.trailers(cause)));
                    }
                });
    }
}
