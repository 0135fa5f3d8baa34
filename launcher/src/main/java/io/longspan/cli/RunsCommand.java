package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.model.AtomicFile;
import io.longspan.store.Store;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads training runs. */
@Command(
        name = "runs",
        description = "Show training runs: states, losses, checkpoints.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: longspan runs list"},
        subcommands = {
            RunsCommand.ListRuns.class,
            RunsCommand.Show.class,
            RunsCommand.Compare.class
        })
final class RunsCommand {
    private RunsCommand() {}

    /** Lists the newest runs. */
    @Command(
            name = "list",
            description = "List the newest runs, newest first.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan runs list --limit 5"})
    static final class ListRuns implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Mixin private LimitOption limit;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                List<RunRow> runs = store.runs().list(limit.rows());
                common.console()
                        .result(
                                Map.of("runs", runs.stream().map(RunView::json).toList()),
                                RunView.table(runs));
                return 0;
            }
        }
    }

    /** Shows one run. */
    @Command(
            name = "show",
            description = "Show one run with its loss curve and its checkpoints.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan runs show 1 --svg curve.svg"})
    static final class Show implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "RUN", description = "Number of the run.")
        private long id;

        @Option(
                names = "--svg",
                paramLabel = "FILE",
                description = "Write the loss curves as a drawing into a file.")
        private @Nullable Path svg;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                RunView.Detail detail = detail(store, id);
                write(svg, List.of(detail));
                common.console().result(RunView.json(detail), RunView.text(detail));
                return 0;
            }
        }
    }

    /** Sets runs side by side. */
    @Command(
            name = "compare",
            description = "Set runs side by side: their losses, and the settings that differ.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan runs compare 1 2 --svg curves.svg"})
    static final class Compare implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "RUN", arity = "2..*", description = "Numbers of the runs.")
        private List<Long> ids;

        @Option(
                names = "--svg",
                paramLabel = "FILE",
                description = "Write the loss curves as a drawing into a file.")
        private @Nullable Path svg;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                List<RunView.Detail> details = ids.stream().map(id -> detail(store, id)).toList();
                write(svg, details);
                List<RunRow> runs = details.stream().map(RunView.Detail::run).toList();
                Map<String, List<String>> differing = RunView.differing(runs);
                common.console()
                        .result(
                                Map.of(
                                        "runs",
                                        runs.stream().map(RunView::json).toList(),
                                        "differing",
                                        differing),
                                RunView.comparison(runs, differing));
                return 0;
            }
        }
    }

    private static void write(@Nullable Path file, List<RunView.Detail> details)
            throws IOException {
        if (file != null) {
            AtomicFile.checkFolder(file);
            Files.writeString(file, RunView.svg(details));
        }
    }

    private static RunView.Detail detail(Store store, long id) {
        RunRow run =
                store.runs()
                        .find(id)
                        .orElseThrow(() ->
                                new UsageException(
                                        "run "
                                                + id
                                                + " is not known; 'longspan runs list' shows the known ones"));
        return new RunView.Detail(
                run,
                store.runs().metrics(id, Metric.LOSS, -1),
                store.runs().metrics(id, Metric.HELD_OUT_LOSS, -1),
                store.runs().metrics(id, RunView.MEASURED, -1),
                store.runs().metrics(id, RunView.WAITING, -1).stream()
                        .reduce((_, last) -> last)
                        .map(Metric::value),
                store.runs().origin(run),
                store.runs().checkpoints(id));
    }
}
