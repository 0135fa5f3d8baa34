package io.longspan.cli;

import io.longspan.cli.role.Role;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the gRPC server. */
@Command(
        name = "serve",
        description = {
            "Serve models over gRPC, on 127.0.0.1:9090 unless the configuration says otherwise.",
            "Every call is tracked in the database. Ends with Ctrl-C or SIGTERM, after the running calls."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan serve --model news=models/news --port 9090"})
final class ServeCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;
    @Mixin private ModelOptions models;
    @Mixin private PortOption port;

    @Option(
            names = "--demo",
            description = "Serve the demo's model; makes it first when it is missing (minutes).")
    private boolean demo;

    @Override
    public Integer call() throws IOException {
        return new RoleCommand(common, attention)
                .run(Set.of(Role.SERVE), models::models, port.port(), OptionalInt.empty(), demo);
    }
}
