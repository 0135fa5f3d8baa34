package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the next times of a schedule. */
@Command(
        name = "next",
        description = "Show the next times of a schedule.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan ingest schedule next news --count 10"})
final class ScheduleNextCommand extends OnSchedule {
    @Option(
            names = "--count",
            defaultValue = "5",
            paramLabel = "N",
            description = "How many. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Override
    int run(Store store, ScheduleRow row) {
        if (count < 1 || count > 1000) {
            throw new UsageException("--count is " + count + "; it must be from 1 to 1000");
        }
        List<String> times =
                row.next(Instant.now(), count).stream()
                        .map(time -> ScheduleView.at(row, time))
                        .toList();
        tell(
                Map.of("name", row.name(), "paused", row.paused(), "next", times),
                String.join("\n", times)
                        + (row.paused() ? "\npaused: none of them becomes a run" : ""));
        return 0;
    }
}
