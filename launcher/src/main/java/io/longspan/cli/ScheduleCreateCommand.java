package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.schedule.ScheduleRow.Missed;
import io.longspan.store.schedule.ScheduleRow.Overlap;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a schedule. */
@Command(
        name = "create",
        description = {
            "Make a schedule. In --out, --source and --name {time} and {date} stand for the time of a run;",
            "--out needs one of them, since each run makes a data set of its own."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan ingest schedule create news --cron '30 2 * * *' --zone Europe/Paris"
                    + " --corpus realnews --source inbox --out 'data/news-{date}'"
        })
final class ScheduleCreateCommand extends OnSchedules {
    @Parameters(paramLabel = "NAME", description = "Name of the schedule.")
    private String name;

    @Option(
            names = "--cron",
            required = true,
            paramLabel = "EXPRESSION",
            description =
                    "Minute, hour, day of month, month, day of week; six fields begin with seconds.")
    private String cron;

    @Option(
            names = "--zone",
            defaultValue = "UTC",
            paramLabel = "ZONE",
            description = "Time zone of the expression. Default: ${DEFAULT-VALUE}.")
    private String zone;

    @Option(
            names = "--overlap",
            defaultValue = "skip",
            paramLabel = "skip|queue",
            description =
                    "When the last run is not over: pass the time over, or hand it in. Default: ${DEFAULT-VALUE}.")
    private String overlap;

    @Option(
            names = "--missed",
            defaultValue = "latest",
            paramLabel = "latest|all",
            description =
                    "Of times at which no worker ran, make up the latest or all. Default: ${DEFAULT-VALUE}.")
    private String missed;

    @Mixin private IngestOptions options;

    @Override
    int run(Store store, Configuration configuration) throws IOException {
        String request = options.request(PlatformOptions.ingestThreads(configuration)).toJson();
        String out = options.out().toString();
        if (!out.contains("{time}") && !out.contains("{date}")) {
            throw new UsageException(
                    "--out is '"
                            + out
                            + "'; each run makes a data set of its own, so put {time} or {date} into it");
        }
        boolean made;
        try {
            made =
                    store.schedules()
                            .create(
                                    name,
                                    cron,
                                    zone,
                                    choice("--overlap", overlap, Overlap.values()),
                                    choice("--missed", missed, Missed.values()),
                                    request,
                                    Machine.user());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (!made) {
            throw new UsageException(
                    "schedule '" + name + "' exists; delete it first, or take another name");
        }
        store.audit()
                .add(Machine.user(), "schedule.create", "schedule " + name, Optional.of(request));
        ScheduleRow row = OnSchedule.known(store, name);
        tell(
                ScheduleView.json(row),
                "schedule '" + name + "' runs next at " + ScheduleView.at(row, row.nextAt()));
        return 0;
    }

    private static <E extends Enum<E>> E choice(String option, String value, E[] all) {
        for (E one : all) {
            if (one.name().toLowerCase(Locale.ROOT).equals(value)) {
                return one;
            }
        }
        throw new UsageException(
                option
                        + " is '"
                        + value
                        + "'; it must be one of "
                        + List.of(all).toString().toLowerCase(Locale.ROOT));
    }
}
