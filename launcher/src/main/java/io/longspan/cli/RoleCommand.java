package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.demo.DemoModel;
import io.longspan.cli.role.Platform;
import io.longspan.cli.role.PlatformSettings;
import io.longspan.cli.role.Role;
import io.longspan.cli.term.Console;
import io.longspan.model.tensor.MklFullSpeed;
import io.longspan.serving.ServedModelSpec;
import io.longspan.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the commands that keep a process of the platform running have in common. */
final class RoleCommand {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);

    private final CommonOptions common;
    private final AttentionOptions attention;

    RoleCommand(CommonOptions common, AttentionOptions attention) {
        this.common = common;
        this.attention = attention;
    }

    /** Finds the models to serve. */
    @FunctionalInterface
    interface Models {
        /** Models by the configuration and what is registered. */
        List<ServedModelSpec> find(Configuration configuration, Store store);
    }

    /**
     * Runs roles until the process is told to end.
     *
     * @param demo whether the demo's model is made first, when it is missing
     */
    int run(
            Set<Role> wanted,
            Models models,
            OptionalInt grpcPort,
            OptionalInt consolePort,
            boolean demo)
            throws IOException {
        Console console = common.console();
        Configuration configuration = common.configuration();
        LOG.info("libtorch: {}", MklFullSpeed.apply(configuration.mklFullSpeed()).reason());
        Path state = StateFolder.open();
        PlatformSettings settings =
                PlatformOptions.settings(
                        wanted,
                        configuration,
                        attention.settings(configuration),
                        state,
                        List.of(),
                        grpcPort,
                        consolePort);
        try (Lifetime lifetime = new Lifetime();
                Store store = StoreAccess.open(configuration)) {
            List<ServedModelSpec> served =
                    demo
                            ? List.of(
                                    DemoModel.ensure(
                                            state,
                                            DistributionFiles.demo(),
                                            store,
                                            settings,
                                            console))
                            : models.find(configuration, store);
            Set<Role> roles = roles(wanted, served, console);
            try (Platform platform =
                    Platform.start(settings.with(roles, served), store, Version.text())) {
                announce(platform, roles, console);
                lifetime.await();
            }
        }
        return 0;
    }

    private static Set<Role> roles(
            Set<Role> wanted, List<ServedModelSpec> models, Console console) {
        if (!wanted.contains(Role.SERVE) || !models.isEmpty()) {
            return wanted;
        }
        if (wanted.size() == 1) {
            throw new UsageException(
                    "there is no model to serve: name one with --model or longspan.serve.models.<name>, train one, or try --demo");
        }
        console.note(
                "longspan: no model is named or registered, so the gRPC server stays off; train one, or name one with --model");
        Set<Role> rest = EnumSet.copyOf(wanted);
        rest.remove(Role.SERVE);
        return rest;
    }

    private static void announce(Platform platform, Set<Role> roles, Console console) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("roles", roles);
        json.put("target", platform.target().orElse(null));
        json.put("console", platform.console().orElse(null));
        StringBuilder text = new StringBuilder("longspan is up");
        platform.target().ifPresent(t -> text.append("\n  gRPC     ").append(t));
        platform.console().ifPresent(c -> text.append("\n  console  ").append(c));
        if (roles.contains(Role.WORKER)) {
            text.append("\n  worker   takes ingest and training from the queue");
        }
        console.line(json, text.toString());
        platform.initialPassword()
                .ifPresent(password ->
                        console.note(
                                "longspan: the console's user 'admin' has the password "
                                        + password
                                        + " (shown this once; longspan.admin.password sets another)"));
    }
}
