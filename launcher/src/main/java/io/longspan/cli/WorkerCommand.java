package io.longspan.cli;

import io.longspan.cli.role.Role;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a worker. */
@Command(
        name = "worker",
        description = {
            "Take ingest and training work from the queue and do it, one request at a time.",
            "Ends with Ctrl-C or SIGTERM; running work goes back to the queue and another worker goes on with it."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan worker"})
final class WorkerCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Override
    public Integer call() throws IOException {
        return new RoleCommand(common, attention)
                .run(
                        Set.of(Role.WORKER),
                        (configuration, store) -> List.of(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false);
    }
}
