package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.model.infer.InferencePrecision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which products linear layers of inference are made of. */
final class PrecisionOption {
    @Option(
            names = "--precision",
            paramLabel = "P",
            description =
                    "Linear layers: packed in fp32, bf16 or int8, or the engine's. Without it: longspan.inference.precision, or else fp32.")
    private @Nullable String precision;

    /**
     * The precision in force.
     *
     * @throws io.longspan.model.ModelInputException when there is no such precision
     */
    InferencePrecision choice(Configuration configuration) {
        return precision == null
                ? configuration.inferencePrecision()
                : InferencePrecision.of("--precision", precision);
    }
}
