package io.longspan.training.run;

import java.nio.file.Path;

/** A run in a process of its own, to be killed or kept from writing. */
final class KilledRun {
    private KilledRun() {}

    public static void main(String[] args) {
        TrainingOutcome outcome =
                Tiny.run(
                        RunKillTest.settings(args[0], Path.of(args[1]), Path.of(args[2]), 1),
                        RunKillTest.data(args[0]),
                        new RecordedLog(),
                        RunKillTest.backend(args[0]),
                        () -> false);
        System.out.println(outcome.state() + " " + outcome.message());
    }
}
