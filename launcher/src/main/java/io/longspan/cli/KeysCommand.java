package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Printable;
import io.longspan.store.Store;
import io.longspan.store.key.ApiKeyRow;
import io.longspan.store.key.ApiKeys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes and revokes keys of the gRPC server. */
@Command(
        name = "keys",
        description = {
            "Make, list and revoke the keys with which programs call the gRPC server.",
            "A server asks for one when longspan.serve.auth is keys, and when it listens on more than loopback."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: longspan keys create billing --scope infer --days 90"},
        subcommands = {
            KeysCommand.Create.class,
            KeysCommand.ListKeys.class,
            KeysCommand.Revoke.class
        })
final class KeysCommand {
    private static final int LONGEST_NAME = 100;
    private static final int MOST_DAYS = 3650;

    private KeysCommand() {}

    /** Makes a key. */
    @Command(
            name = "create",
            description = {
                "Make a key and print it, once: only a hash of it is kept.",
                "To replace a key, make another of the same name, hand it out, and revoke the old one."
            },
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan keys create deploy --scope models --scope stats"})
    static final class Create implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "NAME", description = "What the log calls the caller.")
        private String name;

        @Option(
                names = "--scope",
                required = true,
                split = ",",
                paramLabel = "SCOPE",
                description =
                        "What the key opens: infer (run models), stats (read the log of inferences), models (load, unload and alias models), payloads (read and delete what callers sent, where it is kept). Several by commas or by naming it again.")
        private Set<String> scopes = new TreeSet<>();

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                description = "Days that it is good for, 1 to 3650. Default: until it is revoked.")
        private @Nullable Integer days;

        @Override
        public Integer call() throws IOException {
            String called = name.strip();
            if (called.isEmpty() || called.length() > LONGEST_NAME) {
                throw new UsageException(
                        "the name of a key has "
                                + called.length()
                                + " characters; it must have 1 to "
                                + LONGEST_NAME);
            }
            Integer given = days;
            if (given != null && (given < 1 || given > MOST_DAYS)) {
                throw new UsageException(
                        "--days is " + given + "; it must be from 1 to " + MOST_DAYS);
            }
            Optional<Instant> end =
                    Optional.ofNullable(given).map(d -> Instant.now().plus(Duration.ofDays(d)));
            try (Store store = StoreAccess.open(common.configuration())) {
                ApiKeys.Made made = create(store, called, end);
                store.audit()
                        .add(
                                Machine.user(),
                                "key.create",
                                "api_key " + made.row().prefix(),
                                Optional.of(KeyView.detail(made.row())));
                Map<String, Object> json = new LinkedHashMap<>(KeyView.json(made.row()));
                json.put("key", made.secret());
                common.console().result(json, made.secret());
                common.console()
                        .note(
                                "longspan: this is key "
                                        + made.row().id()
                                        + " "
                                        + Printable.quoted(made.row().name())
                                        + "; it is shown this once");
            }
            return 0;
        }

        private ApiKeys.Made create(Store store, String called, Optional<Instant> end) {
            try {
                return store.apiKeys().create(called, scopes, end, Machine.user());
            } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** Lists keys. */
    @Command(
            name = "list",
            description = "List the newest keys, newest first; without what makes them keys.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan keys list"})
    static final class ListKeys implements Callable<Integer> {
        @Mixin private CommonOptions common;
        @Mixin private LimitOption limit;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                List<ApiKeyRow> keys = store.apiKeys().list(limit.rows());
                common.console()
                        .result(
                                Map.of("keys", keys.stream().map(KeyView::json).toList()),
                                KeyView.table(keys));
            }
            return 0;
        }
    }

    /** Revokes a key. */
    @Command(
            name = "revoke",
            description = "Make a key open nothing any more. Running servers know within seconds.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan keys revoke 3"})
    static final class Revoke implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "KEY", description = "Number of the key, see 'keys list'.")
        private long id;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                ApiKeyRow key =
                        store.apiKeys()
                                .find(id)
                                .orElseThrow(() ->
                                        new UsageException(
                                                "key "
                                                        + id
                                                        + " is not known; 'longspan keys list' shows the known ones"));
                boolean changed = store.apiKeys().revoke(id, Machine.user());
                if (changed) {
                    store.audit()
                            .add(
                                    Machine.user(),
                                    "key.revoke",
                                    "api_key " + key.prefix(),
                                    Optional.of(KeyView.detail(key)));
                }
                common.console()
                        .result(
                                Map.of("id", id, "revoked", changed),
                                "key "
                                        + id
                                        + " "
                                        + Printable.quoted(key.name())
                                        + (changed ? " is revoked" : " was revoked before"));
            }
            return 0;
        }
    }
}
