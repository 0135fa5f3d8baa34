package io.longspan.cli;

import io.longspan.cli.role.Role;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the web console. */
@Command(
        name = "admin",
        description = {
            "Run the web console, on http://127.0.0.1:8080 unless the configuration says otherwise.",
            "The first start prints the password of the user 'admin', once."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan admin --port 8080"})
final class AdminCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;
    @Mixin private PortOption port;

    @Option(
            names = "--demo",
            description =
                    "Make the demo's model first when it is missing (minutes), to have something to see.")
    private boolean demo;

    @Override
    public Integer call() throws IOException {
        return new RoleCommand(common, attention)
                .run(
                        Set.of(Role.ADMIN),
                        (configuration, store) -> List.of(),
                        OptionalInt.empty(),
                        port.port(),
                        demo);
    }
}
