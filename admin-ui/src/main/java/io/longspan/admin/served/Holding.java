package io.longspan.admin.served;

import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import java.util.List;
import java.util.Optional;

/**
 * What a server holds.
 *
 * @param server its address
 * @param problem why it does not say; empty when it does
 */
record Holding(
        String server, List<Version> versions, List<Alias> aliases, Optional<String> problem) {
    /**
     * A loaded version.
     *
     * @param current whether the model's name points at it
     * @param memoryBytes that it is expected to take with the largest batch
     */
    record Version(
            String name,
            String version,
            boolean current,
            String task,
            String backend,
            String precision,
            int maxTokens,
            long memoryBytes) {
        static Version of(ModelDescription model) {
            return new Version(
                    model.getName(),
                    model.getVersion(),
                    model.getCurrent(),
                    model.getTask(),
                    model.getBackend(),
                    model.getPrecision(),
                    model.getMaxTokens(),
                    model.getMemoryBytes());
        }
    }

    /** Another name of a version. */
    record Alias(String alias, String name, String version) {
        static Alias of(ModelAlias alias) {
            return new Alias(alias.getAlias(), alias.getName(), alias.getVersion());
        }
    }
}
