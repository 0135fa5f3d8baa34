package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.store.Store;
import io.longspan.store.schedule.ScheduleRow;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** A command over one schedule, by name. */
abstract class OnSchedule extends OnSchedules {
    @Parameters(paramLabel = "NAME", description = "Name of the schedule.")
    private String name;

    @Override
    final int run(Store store, Configuration configuration) {
        return run(store, known(store, name));
    }

    abstract int run(Store store, ScheduleRow row);

    final void note(Store store, String what, String text) {
        store.audit().add(Machine.user(), "schedule." + what, "schedule " + name, Optional.empty());
        tell(Map.of("name", name, "did", what), text);
    }

    /** The schedule of a name; one that is not there is a mistake of the user. */
    static ScheduleRow known(Store store, String name) {
        return store.schedules()
                .find(name)
                .orElseThrow(() ->
                        new UsageException(
                                "schedule '"
                                        + name
                                        + "' is not known; 'longspan ingest schedule list' shows the known ones"));
    }
}
