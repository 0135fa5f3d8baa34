package io.longspan.serving.model;

import io.grpc.Status;
import io.longspan.serving.BackendChoice;
import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.ServingException;
import io.longspan.serving.ServingSettings;
import io.longspan.serving.model.RememberedModels.State;
import io.longspan.store.model.Models;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open models, and what their names mean now. Thread-safe; closed after the last call has
 * returned. Changes run one after the other on a thread of their own, since libtorch keeps memory
 * for every thread that ever ran it.
 */
public final class ServedModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    private final BackendChoice backends;
    private final MemoryBudget budget;
    private final Registration registration;
    private final ExecutorService changes =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("longspan-models").factory());
    private final Optional<RememberedModels> memory;
    private final List<ServedModelSpec> configured;
    private volatile boolean open;
    private volatile Catalog catalog = Catalog.empty();
    private volatile Consumer<SortedSet<String>> watcher = _ -> {};

    private ServedModels(ServingSettings settings, BackendChoice backends, Models registered) {
        this.backends = backends;
        budget = new MemoryBudget(settings.memoryBytes(), settings.schedule().batchTokens());
        registration = new Registration(registered);
        memory = settings.remembered().map(RememberedModels::new);
        configured = settings.models();
    }

    /**
     * Opens, registers and warms every model that is configured; when one fails, none stays open.
     * Then brings back what was loaded and named before a restart, as far as that goes.
     *
     * @throws ServingException when a version is registered with other weights, or there is too
     *     little memory
     */
    public static ServedModels open(
            ServingSettings settings, BackendChoice backends, Models registered) {
        ServedModels all = new ServedModels(settings, backends, registered);
        try {
            settings.models().forEach(spec -> all.load(spec, false).join());
            all.memory
                    .flatMap(RememberedModels::read)
                    .ifPresent(before ->
                            new Restoring(
                                            all,
                                            new ModelRoots(settings.roots()),
                                            before,
                                            State.of(settings.models(), all.catalog))
                                    .run());
            all.open = true;
            return all;
        } catch (CompletionException e) {
            all.close();
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Tells what names are served, now and after each change. */
    public void watch(Consumer<SortedSet<String>> names) {
        watcher = names;
        names.accept(new TreeSet<>(catalog.pointers().keySet()));
    }

    /** All, by name and version. */
    public Collection<ServedModel> all() {
        return catalog.models().values().stream().map(LoadedModel::model).toList();
    }

    /** What names mean: every model's own, and aliases. */
    public SortedMap<String, ModelVersion> pointers() {
        return catalog.pointers();
    }

    /** Memory that a version is expected to take; 0 when it is gone. */
    public long bytes(ModelVersion version) {
        LoadedModel loaded = catalog.models().get(version);
        return loaded == null ? 0 : loaded.bytes();
    }

    /**
     * The model that a client asks for, to be described: it may be closed at any time.
     *
     * @param name empty for the only one
     * @param version empty for the one that the name points at
     * @throws io.grpc.StatusRuntimeException NOT_FOUND, or INVALID_ARGUMENT when no name was given
     *     and there are several
     */
    public ServedModel find(String name, String version) {
        Catalog now = catalog;
        return now.get(now.resolve(name, version)).model();
    }

    /** The same, to be used until the lease is closed. */
    public Lease lease(String name, String version) {
        while (true) {
            Catalog now = catalog;
            Optional<Lease> lease = now.get(now.resolve(name, version)).enter();
            // None was retired between the look and the grip; another catalog is there by now.
            if (lease.isPresent()) {
                return lease.get();
            }
        }
    }

    /**
     * Opens a model beside the others, runs it once, and lets its name point at it.
     *
     * @param keep whether the version that the name pointed at stays; otherwise it is closed when
     *     its last call has ended, unless an alias points at it
     */
    public CompletableFuture<ServedModel> load(ServedModelSpec spec, boolean keep) {
        return change(() -> {
            refuseAliasName(spec.name());
            long needed = budget.needs(spec);
            budget.check(spec, needed, catalog.bytes());
            ServedModel model = ServedModel.open(spec, backends);
            ModelVersion version = new ModelVersion(model.name(), model.version());
            try {
                if (catalog.models().containsKey(version)) {
                    throw Status.ALREADY_EXISTS
                            .withDescription(
                                    version
                                            + " is loaded; let the name point at it with SetAlias, or name another version")
                            .asRuntimeException();
                }
                registration.register(model);
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
            Optional<ModelVersion> before =
                    Optional.ofNullable(catalog.pointers().get(spec.name()));
            catalog = catalog.with(version, new LoadedModel(model, needed));
            LOG.info(
                    "model '{}' version '{}' is ready: {} tokens, attention backend {} {}",
                    model.name(),
                    model.version(),
                    model.session().longest(),
                    model.backend().name(),
                    model.backend().version());
            before.filter(old -> !keep && catalog.aliases(old).isEmpty()).ifPresent(this::retire);
            return model;
        });
    }

    /**
     * Takes a version out, or all of a model. The result is done when their last calls have ended
     * and they are closed.
     */
    public CompletableFuture<Void> unload(String name, String version) {
        return change(
                        () -> {
                            List<ModelVersion> going =
                                    version.isEmpty() ? catalog.versions(name) : one(name, version);
                            if (going.isEmpty()) {
                                catalog.resolve(name, version);
                                throw Unloading.isAlias(name, catalog.pointers().get(name));
                            }
                            Unloading.check(catalog, going, version.isEmpty());
                            return going.stream().map(this::retire).toList();
                        })
                .thenCompose(ServedModels::closed);
    }

    private List<ModelVersion> one(String name, String version) {
        return List.of(catalog.resolve(name, version));
    }

    /** Takes all versions of a model out but some; done when they are closed. */
    CompletableFuture<Void> retireAllBut(String name, List<ModelVersion> kept) {
        return change(() ->
                        catalog.versions(name).stream()
                                .filter(version -> !kept.contains(version))
                                .map(this::retire)
                                .toList())
                .thenCompose(ServedModels::closed);
    }

    private static CompletableFuture<Void> closed(List<LoadedModel> retired) {
        return CompletableFuture.allOf(
                retired.stream().map(LoadedModel::closed).toArray(CompletableFuture[]::new));
    }

    private LoadedModel retire(ModelVersion version) {
        LoadedModel loaded = catalog.get(version);
        catalog = catalog.without(version);
        LOG.info("{} is unloaded once its calls have ended", version);
        loaded.retire();
        return loaded;
    }

    /** Lets an alias, or a model's own name, point at a version from the next call on. */
    public CompletableFuture<ModelVersion> point(String alias, String name, String version) {
        return change(() -> {
            ModelVersion target = catalog.resolve(name, version);
            if (!alias.equals(target.name()) && catalog.names().contains(alias)) {
                throw Unloading.isModel(alias);
            }
            catalog = catalog.pointing(alias, target);
            return target;
        });
    }

    /** Takes an alias away. */
    public CompletableFuture<ModelVersion> removeAlias(String alias) {
        return change(() -> {
            if (catalog.names().contains(alias)) {
                throw Unloading.isModel(alias);
            }
            ModelVersion target = catalog.resolve(alias, "");
            catalog = catalog.notPointing(alias);
            return target;
        });
    }

    private void refuseAliasName(String name) {
        ModelVersion pointed = catalog.pointers().get(name);
        if (pointed != null && !pointed.name().equals(name)) {
            throw Unloading.isAlias(name, pointed);
        }
    }

    private <T> CompletableFuture<T> change(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.get();
                    } finally {
                        remember();
                        watcher.accept(new TreeSet<>(catalog.pointers().keySet()));
                    }
                },
                changes);
    }

    private void remember() {
        if (open) {
            memory.ifPresent(file -> file.write(State.of(configured, catalog)));
        }
    }

    @Override
    public void close() {
        changes.close();
        new ArrayList<>(catalog.models().keySet())
                .forEach(version -> retire(version).closed().join());
    }
}
