package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.model.linear.LinearPrecision;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What linear layers are computed with. */
final class LinearOptions {
    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "fp32",
            description =
                    "Products of the linear layers: fp32 (default), bf16 or int8. The last two run packed and change the answer a little.")
    private String precision = "";

    @Option(
            names = "--packed",
            description = "Run fp32 on packed linear layers too: the same bits in any batch.")
    private boolean packed;

    /** The name of the precision. */
    String precision() {
        return precision;
    }

    /** The precision of packed layers, or null for the engine's own. */
    @Nullable LinearPrecision choice() {
        LinearPrecision wanted =
                Arrays.stream(LinearPrecision.values())
                        .filter(value -> name(value).equals(precision))
                        .findFirst()
                        .orElseThrow(() ->
                                new UsageException(
                                        "--precision is '"
                                                + precision
                                                + "'; it must be one of "
                                                + Arrays.stream(LinearPrecision.values())
                                                        .map(LinearOptions::name)
                                                        .collect(Collectors.joining(", "))));
        return wanted == LinearPrecision.FP32 && !packed ? null : wanted;
    }

    private static String name(LinearPrecision value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
