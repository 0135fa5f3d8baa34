package io.longspan.cli;

import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import picocli.CommandLine.Command;

/** Pauses, resumes and forgets schedules. */
final class ScheduleStateCommands {
    private ScheduleStateCommands() {}

    /** Pauses one. */
    @Command(
            name = "pause",
            description = "Let the times of a schedule pass by.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule pause news"})
    static final class Pause extends OnSchedule {
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
    static final class Resume extends OnSchedule {
        @Override
        int run(Store store, ScheduleRow row) {
            store.schedules().resume(row.name());
            ScheduleRow after = OnSchedule.known(store, row.name());
            note(
                    store,
                    "resume",
                    "schedule '"
                            + row.name()
                            + "' runs next at "
                            + ScheduleView.at(after, after.nextAt()));
            return 0;
        }
    }

    /** Forgets one. */
    @Command(
            name = "delete",
            description = "Forget a schedule; runs that were handed in stay.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest schedule delete news"})
    static final class Delete extends OnSchedule {
        @Override
        int run(Store store, ScheduleRow row) {
            store.schedules().delete(row.name());
            note(store, "delete", "schedule '" + row.name() + "' is gone");
            return 0;
        }
    }
}
