package io.longspan.cli.term;

import io.longspan.model.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error while someone watches, nothing when output goes to a file. */
public final class ProgressLine implements Progress, AutoCloseable {
    private static final long MEBIBYTE = 1 << 20;

    private final String task;
    private final boolean bytes;
    private final boolean watched = isWatched();
    private @Nullable ProgressBar bar;

    public ProgressLine(String task) {
        this(task, false);
    }

    private ProgressLine(String task, boolean bytes) {
        this.task = task;
        this.bytes = bytes;
    }

    /** A bar whose steps are bytes, shown in MiB, with the rate and the time that is left. */
    public static ProgressLine ofBytes(String task) {
        return new ProgressLine(task, true);
    }

    @Override
    public void advance(String what, long done, long total) {
        if (!watched) {
            return;
        }
        if (bar == null) {
            ProgressBarBuilder builder =
                    new ProgressBarBuilder()
                            .setTaskName(task)
                            .setInitialMax(total)
                            .setStyle(ProgressBarStyle.ASCII);
            if (bytes) {
                builder.setUnit(" MiB", MEBIBYTE).showSpeed();
            }
            bar = builder.build();
        }
        bar.setExtraMessage(" " + what);
        bar.stepTo(done);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    /**
     * JDK 25 gives no console where there is no terminal; 22 to 24 gave one that says so itself.
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isWatched() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }
}
