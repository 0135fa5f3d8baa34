package io.longspan.cli;

import io.longspan.api.v1.Windows;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What becomes of a text that is longer than the model; without them the server refuses it. */
final class LongTextOptions {
    @Option(
            names = "--truncate",
            description = "Cut off the end of a text that is too long; the answer says how much.")
    private boolean truncate;

    @Option(
            names = "--windows",
            description = "Read a text that is too long in overlapping windows.")
    private boolean windows;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description =
                    "Tokens from the start of a window to that of the next; goes with --windows. Default: three quarters of what the model reads.")
    private @Nullable Integer stride;

    boolean truncate() {
        return truncate;
    }

    /** How windows are cut, where they are asked for. */
    Optional<Windows> windows() {
        if (!windows && stride == null) {
            return Optional.empty();
        }
        return Optional.of(
                Windows.newBuilder()
                        .setStride(stride == null ? 0 : CallLimits.positive("--stride", stride))
                        .build());
    }
}
