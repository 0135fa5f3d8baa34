package io.longspan.admin;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.DeleteAliasRequest;
import io.longspan.api.v1.DeleteAliasResponse;
import io.longspan.api.v1.ListModelsRequest;
import io.longspan.api.v1.ListModelsResponse;
import io.longspan.api.v1.LoadModelRequest;
import io.longspan.api.v1.LoadModelResponse;
import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.api.v1.SetAliasRequest;
import io.longspan.api.v1.SetAliasResponse;
import io.longspan.api.v1.UnloadModelRequest;
import io.longspan.api.v1.UnloadModelResponse;
import java.util.Map;
import java.util.TreeMap;

/** A server's book of names. */
final class NamedModels extends ModelsGrpc.ModelsImplBase {
    final Map<String, String> loaded = new TreeMap<>();
    final Map<String, String> current = new TreeMap<>();
    final Map<String, String> aliases = new TreeMap<>();

    void clear() {
        loaded.clear();
        current.clear();
        aliases.clear();
    }

    private static <T> void answer(StreamObserver<T> to, T what) {
        to.onNext(what);
        to.onCompleted();
    }

    private ModelDescription describe(String key) {
        String[] parts = key.split(" ", -1);
        return ModelDescription.newBuilder()
                .setName(parts[0])
                .setVersion(parts[1])
                .setCurrent(parts[1].equals(current.get(parts[0])))
                .setMemoryBytes(3L << 30)
                .build();
    }

    @Override
    public void list(ListModelsRequest request, StreamObserver<ListModelsResponse> to) {
        ListModelsResponse.Builder all = ListModelsResponse.newBuilder();
        loaded.keySet().forEach(key -> all.addModels(describe(key)));
        aliases.forEach((alias, key) ->
                all.addAliases(
                        ModelAlias.newBuilder()
                                .setAlias(alias)
                                .setName(key.split(" ", -1)[0])
                                .setVersion(key.split(" ", -1)[1])));
        answer(to, all.build());
    }

    @Override
    public void load(LoadModelRequest request, StreamObserver<LoadModelResponse> to) {
        if (!request.getFolder().startsWith("/m/")) {
            to.onError(
                    Status.FAILED_PRECONDITION
                            .withDescription(
                                    "'" + request.getFolder() + "' is in no folder of models")
                            .asRuntimeException());
            return;
        }
        String key = request.getName() + " " + request.getVersion();
        loaded.put(key, request.getFolder());
        current.put(request.getName(), request.getVersion());
        answer(to, LoadModelResponse.newBuilder().setModel(describe(key)).build());
    }

    @Override
    public void unload(UnloadModelRequest request, StreamObserver<UnloadModelResponse> to) {
        loaded.remove(request.getName() + " " + request.getVersion());
        answer(to, UnloadModelResponse.getDefaultInstance());
    }

    @Override
    public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> to) {
        String version =
                request.getVersion().isEmpty()
                        ? current.getOrDefault(request.getName(), "")
                        : request.getVersion();
        if (request.getAlias().equals(request.getName())) {
            current.put(request.getName(), version);
        } else {
            aliases.put(request.getAlias(), request.getName() + " " + version);
        }
        answer(to, SetAliasResponse.getDefaultInstance());
    }

    @Override
    public void deleteAlias(DeleteAliasRequest request, StreamObserver<DeleteAliasResponse> to) {
        aliases.remove(request.getAlias());
        answer(to, DeleteAliasResponse.getDefaultInstance());
    }
}
