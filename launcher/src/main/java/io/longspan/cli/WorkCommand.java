package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.store.Store;
import io.longspan.store.work.WorkRow;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads and steers the work queue: ingest and training that was handed to workers. */
@Command(
        name = "work",
        description = "Show and steer what was handed to workers: ingest and training.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: longspan work list"},
        subcommands = {
            WorkCommand.ListWork.class,
            WorkCommand.Status.class,
            WorkCommand.Stop.class,
            WorkCommand.Restart.class
        })
final class WorkCommand {
    private WorkCommand() {}

    /** Lists the newest requests. */
    @Command(
            name = "list",
            description = "List the newest requests, newest first.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan work list --limit 50"})
    static final class ListWork implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Mixin private LimitOption limit;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                List<WorkRow> rows = store.work().list(limit.rows());
                common.console()
                        .result(
                                Map.of("work", rows.stream().map(WorkView::json).toList()),
                                WorkView.table(rows));
                return 0;
            }
        }
    }

    /** Shows one request. */
    @Command(
            name = "status",
            description = "Show one request: state, worker, progress, result.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan work status 3"})
    static final class Status implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "ID", description = "Number of the request.")
        private long id;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                WorkRow row = known(store, id);
                common.console().result(WorkView.json(row), WorkView.text(row));
                return 0;
            }
        }
    }

    /** Asks for the end of a request. */
    @Command(
            name = "stop",
            description =
                    "Stop a request: at once while it waits, at the next safe point while it runs.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan work stop 3"})
    static final class Stop implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "ID", description = "Number of the request.")
        private long id;

        @Override
        public Integer call() throws IOException {
            return change(
                    common,
                    id,
                    "work.stop",
                    store -> store.work().requestStop(id),
                    "has ended already; nothing to stop");
        }
    }

    /** Queues an ended request again. */
    @Command(
            name = "restart",
            description = "Queue a failed or stopped request again; it goes on where it ended.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan work restart 3"})
    static final class Restart implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "ID", description = "Number of the request.")
        private long id;

        @Override
        public Integer call() throws IOException {
            return change(
                    common,
                    id,
                    "work.restart",
                    store -> store.work().restart(id),
                    "has not failed and was not stopped; nothing to restart");
        }
    }

    /** What is done to one request. */
    @FunctionalInterface
    private interface Change {
        /** Whether there was something to change. */
        boolean apply(Store store);
    }

    private static int change(
            CommonOptions common, long id, String action, Change change, String otherwise)
            throws IOException {
        Console console = common.console();
        try (Store store = StoreAccess.open(common.configuration())) {
            WorkRow before = known(store, id);
            if (!change.apply(store)) {
                throw new UsageException(
                        "request " + id + " is " + before.stateForPeople() + ": it " + otherwise);
            }
            store.audit().add(Machine.user(), action, "work " + id, Optional.empty());
            WorkRow after = known(store, id);
            console.result(WorkView.json(after), "request " + id + ": " + after.stateForPeople());
            return 0;
        }
    }

    private static WorkRow known(Store store, long id) {
        Supplier<UsageException> unknown =
                () ->
                        new UsageException(
                                "request "
                                        + id
                                        + " is not known; 'longspan work list' shows the known ones");
        return store.work().find(id).orElseThrow(unknown);
    }
}
