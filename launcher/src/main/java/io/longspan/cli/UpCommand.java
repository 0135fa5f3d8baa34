package io.longspan.cli;

import io.longspan.cli.role.Role;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything in one process. */
@Command(
        name = "up",
        description =
                "Run gRPC server, worker and console in one process, on loopback unless the configuration says otherwise.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan up --model news=models/news"})
final class UpCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;
    @Mixin private ModelOptions models;
    @Mixin private PortOption port;

    @Option(
            names = "--console-port",
            paramLabel = "N",
            description = "Port of the console; 0 takes a free one.")
    private @Nullable Integer consolePort;

    @Option(
            names = "--demo",
            description = "Serve the demo's model; makes it first when it is missing (minutes).")
    private boolean demo;

    @Override
    public Integer call() throws IOException {
        return new RoleCommand(common, attention)
                .run(
                        Set.of(Role.values()),
                        models::models,
                        port.port(),
                        PortOption.check("--console-port", consolePort),
                        demo);
    }
}
