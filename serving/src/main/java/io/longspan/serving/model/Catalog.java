package io.longspan.serving.model;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.model.Quoted;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which models there are and what their names mean. Never changes; a change makes another one.
 *
 * @param models all that are loaded
 * @param pointers what a name without a version means: of every model its own name, and aliases
 */
record Catalog(Map<ModelVersion, LoadedModel> models, SortedMap<String, ModelVersion> pointers) {
    private static final Comparator<ModelVersion> ORDER =
            Comparator.comparing(ModelVersion::name).thenComparing(ModelVersion::version);

    static Catalog empty() {
        return new Catalog(new TreeMap<>(ORDER), new TreeMap<>());
    }

    Catalog with(ModelVersion version, LoadedModel model) {
        Map<ModelVersion, LoadedModel> more = new TreeMap<>(ORDER);
        more.putAll(models);
        more.put(version, model);
        return new Catalog(more, pointers).pointing(version.name(), version);
    }

    Catalog without(ModelVersion version) {
        Map<ModelVersion, LoadedModel> fewer = new TreeMap<>(ORDER);
        fewer.putAll(models);
        fewer.remove(version);
        SortedMap<String, ModelVersion> left = new TreeMap<>(pointers);
        left.values().removeIf(version::equals);
        return new Catalog(fewer, left);
    }

    Catalog pointing(String name, ModelVersion version) {
        SortedMap<String, ModelVersion> more = new TreeMap<>(pointers);
        more.put(name, version);
        return new Catalog(models, more);
    }

    Catalog notPointing(String name) {
        SortedMap<String, ModelVersion> fewer = new TreeMap<>(pointers);
        fewer.remove(name);
        return new Catalog(models, fewer);
    }

    /** Names of models, without aliases. */
    SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        models.keySet().forEach(version -> names.add(version.name()));
        return names;
    }

    /** Versions of a model that are loaded. */
    List<ModelVersion> versions(String name) {
        return models.keySet().stream().filter(v -> v.name().equals(name)).toList();
    }

    /** Aliases of a version: all that points at it but the model's own name. */
    List<String> aliases(ModelVersion version) {
        return pointers.entrySet().stream()
                .filter(e -> e.getValue().equals(version) && !e.getKey().equals(version.name()))
                .map(Map.Entry::getKey)
                .toList();
    }

    long bytes() {
        Collection<LoadedModel> loaded = models.values();
        return loaded.stream().mapToLong(LoadedModel::bytes).sum();
    }

    /**
     * What a client means.
     *
     * @throws StatusRuntimeException NOT_FOUND, or INVALID_ARGUMENT when no name was given and
     *     there are several
     */
    ModelVersion resolve(String name, String version) {
        SortedSet<String> names = names();
        if (name.isEmpty() && names.size() > 1) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(
                            "no model is named, and this server has several; name one of "
                                    + quoted(names))
                    .asRuntimeException();
        }
        ModelVersion pointed =
                pointers.get(name.isEmpty() && !names.isEmpty() ? names.getFirst() : name);
        if (pointed == null) {
            throw Status.NOT_FOUND
                    .withDescription(
                            "model "
                                    + Quoted.of(name)
                                    + " is not served here; served: "
                                    + quoted(pointers.keySet()))
                    .asRuntimeException();
        }
        if (version.isEmpty()) {
            return pointed;
        }
        ModelVersion asked = new ModelVersion(pointed.name(), version);
        if (!models.containsKey(asked)) {
            throw Status.NOT_FOUND
                    .withDescription(
                            "version "
                                    + Quoted.of(version)
                                    + " of model '"
                                    + pointed.name()
                                    + "' is not served here; served: "
                                    + quoted(
                                            versions(pointed.name()).stream()
                                                    .map(ModelVersion::version)
                                                    .toList()))
                    .asRuntimeException();
        }
        return asked;
    }

    LoadedModel get(ModelVersion version) {
        LoadedModel model = models.get(version);
        if (model == null) {
            throw new IllegalStateException(version + " was resolved and is not there");
        }
        return model;
    }

    private static String quoted(Collection<String> names) {
        return names.isEmpty() ? "nothing" : "'" + String.join("', '", names) + "'";
    }
}
