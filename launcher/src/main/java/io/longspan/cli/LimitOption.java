package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import picocli.CommandLine.Option;

/** How many rows a list shows. */
final class LimitOption {
    @Option(
            names = "--limit",
            defaultValue = "20",
            paramLabel = "N",
            description = "Rows at most, the newest. Default: ${DEFAULT-VALUE}.")
    private int limit;

    int rows() {
        if (limit < 1) {
            throw new UsageException("--limit is " + limit + "; it must be 1 or more");
        }
        return limit;
    }
}
