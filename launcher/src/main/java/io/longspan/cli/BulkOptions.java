package io.longspan.cli;

import io.longspan.model.bulk.BadRows;
import io.longspan.model.bulk.BulkSettings;
import io.longspan.model.bulk.LongTexts;
import io.longspan.model.session.StrideWindows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How bulk inference treats documents. */
final class BulkOptions {
    @Option(
            names = "--long",
            defaultValue = "stride",
            paramLabel = "POLICY",
            description =
                    "Texts longer than the model: stride cuts them into windows and joins the answers, each weighted by the tokens that no window before it has; truncate cuts the rest off; skip leaves them out and counts them; fail ends the run. Default: ${DEFAULT-VALUE}.")
    private LongTexts longTexts;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description =
                    "Tokens from the start of a window to that of the next. Default: three quarters of the model's length.")
    private @Nullable Integer stride;

    @Option(
            names = "--bad",
            defaultValue = "fail",
            paramLabel = "POLICY",
            description =
                    "Lines that are no JSON, have no text or an empty one: fail ends the run and names the line, skip leaves them out, counts and names them. Default: ${DEFAULT-VALUE}.")
    private BadRows bad;

    @Option(
            names = "--batch-tokens",
            defaultValue = "8192",
            paramLabel = "N",
            description =
                    "Most tokens of a batch; a longer window has a batch of its own. Default: ${DEFAULT-VALUE}.")
    private int batchTokens;

    @Option(
            names = "--checkpoint-every",
            defaultValue = "1",
            paramLabel = "SECONDS",
            description =
                    "How often the position is stored from which a killed run goes on. Default: ${DEFAULT-VALUE}.")
    private double checkpointSeconds;

    BulkSettings settings(int longest) {
        return new BulkSettings(
                longTexts,
                bad,
                stride == null ? StrideWindows.usualStride(longest) : stride,
                batchTokens,
                checkpointSeconds);
    }
}
