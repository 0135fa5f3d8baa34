package io.longspan.serving.model;

import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.model.RememberedModels.Entry;
import io.longspan.serving.model.RememberedModels.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back what a server held before it was restarted: versions that were loaded, aliases, and
 * what names pointed at. Of a name whose configuration has changed since, the configuration wins.
 * What cannot be brought back is said and left out: it must not keep the rest from being served.
 */
final class Restoring {
    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

    private final ServedModels models;
    private final ModelRoots roots;
    private final State before;
    private final State now;

    Restoring(ServedModels models, ModelRoots roots, State before, State now) {
        this.models = models;
        this.roots = roots;
        this.before = before;
        this.now = now;
    }

    void run() {
        Set<String> names = new TreeSet<>();
        before.models().forEach(entry -> names.add(entry.name()));
        before.configured().forEach(entry -> names.add(entry.name()));
        names.forEach(this::restore);
        before.pointers()
                .forEach((alias, target) -> {
                    if (!alias.equals(target.name())) {
                        tried(
                                "alias '" + alias + "'",
                                () -> {
                                    models.point(alias, target.name(), target.version()).join();
                                    return true;
                                });
                    }
                });
    }

    private void restore(String name) {
        if (!before.configured(name).equals(now.configured(name))) {
            LOG.info(
                    "the configuration of model '{}' has changed, so versions that were loaded before the restart are not",
                    name);
            return;
        }
        boolean whole = true;
        List<Entry> wanted = before.models(name);
        for (Entry entry : wanted) {
            whole &= isLoaded(entry) || tried(entry.id().toString(), () -> load(entry));
        }
        ModelVersion target = before.pointers().get(name);
        if (target != null) {
            whole &=
                    tried(
                            "the name '" + name + "'",
                            () -> {
                                models.point(name, target.name(), target.version()).join();
                                return true;
                            });
        }
        if (whole) {
            models.retireAllBut(name, wanted.stream().map(Entry::id).toList()).join();
        }
    }

    private boolean isLoaded(Entry entry) {
        return models.all().stream()
                .anyMatch(m -> new ModelVersion(m.name(), m.version()).equals(entry.id()));
    }

    private boolean load(Entry entry) {
        boolean configured =
                now.configured().stream().anyMatch(e -> e.folder().equals(entry.folder()));
        Path folder = configured ? Path.of(entry.folder()) : roots.resolve(entry.folder());
        models.load(new ServedModelSpec(entry.name(), Optional.of(entry.version()), folder), true)
                .join();
        return true;
    }

    private static boolean tried(String what, BooleanSupplier work) {
        try {
            return work.getAsBoolean();
        } catch (CompletionException e) {
            LOG.warn("{} cannot be brought back: {}", what, String.valueOf(e.getCause()));
        } catch (RuntimeException e) {
            LOG.warn("{} cannot be brought back: {}", what, e.getMessage());
        }
        return false;
    }
}
