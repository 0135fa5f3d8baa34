package io.longspan.serving.model;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What names and aliases stand in the way of. */
final class Unloading {
    private Unloading() {}

    /** Refuses to take away what a name would still mean. */
    static void check(Catalog catalog, List<ModelVersion> going, boolean all) {
        for (ModelVersion version : going) {
            List<String> aliases = catalog.aliases(version);
            if (!aliases.isEmpty()) {
                throw refused(
                        version
                                + " has the alias '"
                                + String.join("', '", aliases)
                                + "'; let it point at another version or delete it first");
            }
            boolean current = version.equals(catalog.pointers().get(version.name()));
            if (current && !all && catalog.versions(version.name()).size() > 1) {
                throw refused(
                        version
                                + " is the one that the name points at, and others are loaded; let the name point at one of them with SetAlias first, or unload all by naming no version");
            }
        }
    }

    static StatusRuntimeException isAlias(String name, @Nullable ModelVersion pointed) {
        return refused("'" + name + "' is an alias of " + pointed + "; name the model itself");
    }

    static StatusRuntimeException isModel(String alias) {
        return refused(
                "'"
                        + alias
                        + "' is the name of a model, and points at versions of it only; choose another alias");
    }

    private static StatusRuntimeException refused(String sentence) {
        return Status.FAILED_PRECONDITION.withDescription(sentence).asRuntimeException();
    }
}
