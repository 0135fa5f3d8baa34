package io.longspan.cli;

import picocli.CommandLine.Command;

/** Ingests that come back. */
@Command(
        name = "schedule",
        description =
                "Ingests that come back by a cron expression; workers hand them in and do them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: longspan ingest schedule next news"},
        subcommands = {
            ScheduleCreateCommand.class,
            ScheduleListCommand.class,
            ScheduleNextCommand.class,
            ScheduleStateCommands.Pause.class,
            ScheduleStateCommands.Resume.class,
            ScheduleRunCommands.RunNow.class,
            ScheduleRunCommands.Backfill.class,
            ScheduleStateCommands.Delete.class
        })
final class ScheduleCommand {
    private ScheduleCommand() {}
}
