package io.longspan.cli;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.cli.config.Configuration;
import io.longspan.cli.demo.Demo;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.role.PlatformSettings;
import io.longspan.cli.role.Role;
import io.longspan.cli.term.Console;
import io.longspan.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole way on real text. */
@Command(
        name = "demo",
        description = {
            "Take real books the whole way: ingest, a new model, pretraining, serving, a tracked answer.",
            "Works without a network; everything it makes lies under .longspan in the working folder."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan demo --attention chunks --keep"})
final class DemoCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Option(
            names = "--keep",
            description = "Leave server, worker and console running until Ctrl-C.")
    private boolean keep;

    @Override
    public Integer call() throws IOException {
        Console console = common.console();
        Configuration configuration = common.configuration();
        AttentionSettings settings = attention.settings(configuration);
        requireKnown(settings);
        Path state = StateFolder.open();
        // A free port each: the demo must run beside anything.
        OptionalInt free = OptionalInt.of(0);
        PlatformSettings platform =
                PlatformOptions.settings(
                        Set.of(Role.WORKER), configuration, settings, state, List.of(), free, free);
        try (Lifetime lifetime = new Lifetime();
                Store store = StoreAccess.open(configuration)) {
            Demo.run(
                    state,
                    DistributionFiles.demo(),
                    store,
                    platform,
                    keep,
                    console,
                    (demo, page, target) -> {
                        console.line(demo.json(), "\n" + demo.text());
                        if (keep) {
                            console.note(
                                    "\nstill up: console "
                                            + page.orElse("-")
                                            + ", gRPC "
                                            + target.orElse("-")
                                            + "; Ctrl-C ends both");
                            lifetime.await();
                        }
                    });
        }
        return 0;
    }

    /** A wrong name is said before minutes of work, not after them. */
    private static void requireKnown(AttentionSettings settings) {
        try (BackendChooser backends = new BackendChooser(settings)) {
            backends.open(List.of()).close();
        }
    }
}
