package io.longspan.cli;

import io.longspan.model.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error while someone watches, nothing when output goes to a file. */
final class ProgressLine implements Progress, AutoCloseable {
    private final String task;
    private final boolean watched = System.console() != null && System.console().isTerminal();
    private @Nullable ProgressBar bar;

    ProgressLine(String task) {
        this.task = task;
    }

    @Override
    public void advance(String what, long done, long total) {
        if (!watched) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .build();
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
}
