package io.longspan.cli.role;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a process of the platform can be. */
public enum Role {
    /** Answers gRPC. */
    SERVE,
    /** Takes ingest and training from the queue. */
    WORKER,
    /** Shows the console. */
    ADMIN;

    /** Roles as one word for a node's row. */
    static String join(Collection<Role> roles) {
        return roles.stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }
}
