package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.schedule.Schedules;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hands in runs of a schedule beside its times. */
final class ScheduleRunCommands {
    private ScheduleRunCommands() {}

    /** Runs one now. */
    @Command(
            name = "run-now",
            description = "Hand in a run at once; the schedule goes on as before.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule run-now news"})
    static final class RunNow extends OnSchedule {
        @Override
        int run(Store store, ScheduleRow row) {
            long work = store.schedules().runNow(row.name()).orElseThrow();
            note(store, "run-now", ScheduleView.handed(List.of(work)));
            return 0;
        }
    }

    /** Makes up past times. */
    @Command(
            name = "backfill",
            description = "Hand in a run for each past time of a schedule.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan ingest schedule backfill news --from 2026-03-01T00:00 --until 2026-03-08T00:00"
            })
    static final class Backfill extends OnSchedule {
        @Option(
                names = "--from",
                required = true,
                paramLabel = "TIME",
                description = "First time, in the schedule's zone, such as 2026-03-01T00:00.")
        private String from;

        @Option(
                names = "--until",
                required = true,
                paramLabel = "TIME",
                description = "Last time, in the schedule's zone.")
        private String until;

        @Override
        int run(Store store, ScheduleRow row) {
            Schedules schedules = store.schedules();
            List<Long> work =
                    schedules
                            .backfill(
                                    row.name(),
                                    time("--from", from, row.zone()),
                                    time("--until", until, row.zone()))
                            .orElseThrow();
            note(
                    store,
                    "backfill",
                    work.isEmpty() ? "no time lies in between" : ScheduleView.handed(work));
            return 0;
        }

        private static Instant time(String option, String value, String zone) {
            try {
                return LocalDateTime.parse(value).atZone(ZoneId.of(zone)).toInstant();
            } catch (DateTimeException e) {
                throw new UsageException(
                        option + " is '" + value + "'; write it as 2026-03-01T00:00");
            }
        }
    }
}
