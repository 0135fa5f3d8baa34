package io.longspan.training.run;

import java.nio.file.Path;

/** A run in a process of its own, to be killed. */
final class KilledRun {
    private KilledRun() {}

    public static void main(String[] args) {
        Tiny.run(
                RunKillTest.settings(Path.of(args[0]), Path.of(args[1]), 1),
                RunKillTest.DATA,
                new RecordedLog());
    }
}
