package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.model.linear.LinearPrecision;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the linear layers of a session are computed with. */
final class SessionPrecision {
    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "fp32",
            description =
                    "Linear layers: fp32 (default), bf16 or int8 on packed kernels; the last two change the answer a little. engine runs the engine's own fp32 linear.")
    private String precision = "";

    String name() {
        return precision.toLowerCase(Locale.ROOT);
    }

    /** The precision of packed layers, or null for the engine's own. */
    @Nullable LinearPrecision choice() {
        return switch (name()) {
            case "engine" -> null;
            case "fp32" -> LinearPrecision.FP32;
            case "bf16" -> LinearPrecision.BF16;
            case "int8" -> LinearPrecision.INT8;
            default ->
                    throw new UsageException(
                            "--precision is '"
                                    + precision
                                    + "'; it must be one of fp32, bf16, int8, engine");
        };
    }
}
