package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Table;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.schedule.ScheduleRow.Missed;
import io.longspan.store.schedule.ScheduleRow.Overlap;
import io.longspan.store.schedule.Schedules;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ingests that come back. */
@Command(
        name = "schedule",
        description =
                "Ingests that come back by a cron expression; workers hand them in and do them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: longspan ingest schedule next news"},
        subcommands = {
            ScheduleCommand.Create.class,
            ScheduleCommand.ListAll.class,
            ScheduleCommand.Next.class,
            ScheduleCommand.Pause.class,
            ScheduleCommand.Resume.class,
            ScheduleCommand.RunNow.class,
            ScheduleCommand.Backfill.class,
            ScheduleCommand.Delete.class
        })
final class ScheduleCommand {
    private ScheduleCommand() {}

    /** What all have in common. */
    abstract static class OnSchedules implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Override
        public final Integer call() throws IOException {
            Configuration configuration = common.configuration();
            try (Store store = StoreAccess.open(configuration)) {
                return run(store, configuration);
            }
        }

        abstract int run(Store store, Configuration configuration) throws IOException;

        final void tell(Map<String, Object> json, String text) {
            common.console().result(json, text);
        }
    }

    /** What is done to one of them. */
    abstract static class OnOne extends OnSchedules {
        @Parameters(paramLabel = "NAME", description = "Name of the schedule.")
        private String name;

        @Override
        final int run(Store store, Configuration configuration) {
            return run(store, known(store, name));
        }

        abstract int run(Store store, ScheduleRow row);

        final void note(Store store, String what, String text) {
            store.audit()
                    .add(Machine.user(), "schedule." + what, "schedule " + name, Optional.empty());
            tell(Map.of("name", name, "did", what), text);
        }
    }

    private static ScheduleRow known(Store store, String name) {
        return store.schedules()
                .find(name)
                .orElseThrow(() ->
                        new UsageException(
                                "schedule '"
                                        + name
                                        + "' is not known; 'longspan ingest schedule list' shows the known ones"));
    }

    /** Makes one. */
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
    static final class Create extends OnSchedules {
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
                    .add(
                            Machine.user(),
                            "schedule.create",
                            "schedule " + name,
                            Optional.of(request));
            ScheduleRow row = known(store, name);
            tell(json(row), "schedule '" + name + "' runs next at " + at(row, row.nextAt()));
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

    /** Lists them. */
    @Command(
            name = "list",
            description = "List the schedules.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule list"})
    static final class ListAll extends OnSchedules {
        @Override
        int run(Store store, Configuration configuration) {
            List<ScheduleRow> rows = store.schedules().list();
            Table table =
                    new Table(
                            "name", "cron", "zone", "state", "next", "last", "work", "runs",
                            "skipped");
            for (ScheduleRow row : rows) {
                table.row(
                        row.name(),
                        row.cron(),
                        row.zone(),
                        row.paused() ? "paused" : "active",
                        row.paused() ? "-" : at(row, row.nextAt()),
                        row.lastAt().map(last -> at(row, last)).orElse("-"),
                        row.lastWork().map(String::valueOf).orElse("-"),
                        Long.toString(row.runs()),
                        Long.toString(row.skipped()));
            }
            tell(
                    Map.of("schedules", rows.stream().map(ScheduleCommand::json).toList()),
                    rows.isEmpty()
                            ? "there is no schedule; 'longspan ingest schedule create --help' says how to make one"
                            : table.toString());
            return 0;
        }
    }

    /** Shows the next times. */
    @Command(
            name = "next",
            description = "Show the next times of a schedule.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule next news --count 10"})
    static final class Next extends OnOne {
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
                    row.next(Instant.now(), count).stream().map(time -> at(row, time)).toList();
            tell(
                    Map.of("name", row.name(), "paused", row.paused(), "next", times),
                    String.join("\n", times)
                            + (row.paused() ? "\npaused: none of them becomes a run" : ""));
            return 0;
        }
    }

    /** Pauses one. */
    @Command(
            name = "pause",
            description = "Let the times of a schedule pass by.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule pause news"})
    static final class Pause extends OnOne {
        @Override
        int run(Store store, ScheduleRow row) {
            store.schedules().pause(row.name());
            note(store, "pause", "schedule '" + row.name() + "' is paused");
            return 0;
        }
    }

    /** Goes on with one. */
    @Command(
            name = "resume",
            description = "Go on with a paused schedule; times that have passed are not made up.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule resume news"})
    static final class Resume extends OnOne {
        @Override
        int run(Store store, ScheduleRow row) {
            store.schedules().resume(row.name());
            ScheduleRow after = known(store, row.name());
            note(
                    store,
                    "resume",
                    "schedule '" + row.name() + "' runs next at " + at(after, after.nextAt()));
            return 0;
        }
    }

    /** Runs one now. */
    @Command(
            name = "run-now",
            description = "Hand in a run at once; the schedule goes on as before.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule run-now news"})
    static final class RunNow extends OnOne {
        @Override
        int run(Store store, ScheduleRow row) {
            long work = store.schedules().runNow(row.name()).orElseThrow();
            note(store, "run-now", handed(List.of(work)));
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
    static final class Backfill extends OnOne {
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
            note(store, "backfill", work.isEmpty() ? "no time lies in between" : handed(work));
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

    /** Forgets one. */
    @Command(
            name = "delete",
            description = "Forget a schedule; runs that were handed in stay.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule delete news"})
    static final class Delete extends OnOne {
        @Override
        int run(Store store, ScheduleRow row) {
            store.schedules().delete(row.name());
            note(store, "delete", "schedule '" + row.name() + "' is gone");
            return 0;
        }
    }

    private static String handed(List<Long> work) {
        List<String> keys = new ArrayList<>();
        work.forEach(key -> keys.add(Long.toString(key)));
        return "handed in as work "
                + String.join(", ", keys)
                + "; 'longspan work list' shows how far it is";
    }

    private static String at(ScheduleRow row, Instant time) {
        return time.atZone(ZoneId.of(row.zone())).toOffsetDateTime().toString();
    }

    private static Map<String, Object> json(ScheduleRow row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", row.name());
        json.put("cron", row.cron());
        json.put("zone", row.zone());
        json.put("overlap", row.overlap().name().toLowerCase(Locale.ROOT));
        json.put("missed", row.missed().name().toLowerCase(Locale.ROOT));
        json.put("paused", row.paused());
        json.put("next", row.paused() ? null : row.nextAt());
        json.put("last", row.lastAt().orElse(null));
        json.put("last_work", row.lastWork().orElse(null));
        json.put("runs", row.runs());
        json.put("skipped", row.skipped());
        json.put("created_by", row.createdBy());
        return json;
    }
}
