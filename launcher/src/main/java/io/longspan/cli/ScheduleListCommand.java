package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.term.Table;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Lists the schedules. */
@Command(
        name = "list",
        description = "List the schedules.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan ingest schedule list"})
final class ScheduleListCommand extends OnSchedules {
    @Override
    int run(Store store, Configuration configuration) {
        List<ScheduleRow> rows = store.schedules().list();
        Table table =
                new Table(
                        "name", "cron", "zone", "state", "next", "last", "work", "runs", "skipped");
        for (ScheduleRow row : rows) {
            table.row(
                    row.name(),
                    row.cron(),
                    row.zone(),
                    row.paused() ? "paused" : "active",
                    row.paused() ? "-" : ScheduleView.at(row, row.nextAt()),
                    row.lastAt().map(last -> ScheduleView.at(row, last)).orElse("-"),
                    row.lastWork().map(String::valueOf).orElse("-"),
                    Long.toString(row.runs()),
                    Long.toString(row.skipped()));
        }
        tell(
                Map.of("schedules", rows.stream().map(ScheduleView::json).toList()),
                rows.isEmpty()
                        ? "there is no schedule; 'longspan ingest schedule create --help' says how to make one"
                        : table.toString());
        return 0;
    }
}
