package io.longspan.model.infer;

import io.longspan.model.ModelInputException;
import io.longspan.model.linear.LinearPrecision;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the linear layers of inference are computed, by the names that settings use. */
public enum InferencePrecision {
    /** Packed, float32 throughout. */
    FP32(LinearPrecision.FP32),
    /** Packed, products of bfloat16. */
    BF16(LinearPrecision.BF16),
    /** Packed, products of 8-bit integers. */
    INT8(LinearPrecision.INT8),
    /** The engine's linear in float32, not packed. */
    ENGINE(null);

    private final @Nullable LinearPrecision packed;

    InferencePrecision(@Nullable LinearPrecision packed) {
        this.packed = packed;
    }

    /** For {@link ModelOptions#packed}. */
    public @Nullable LinearPrecision packed() {
        return packed;
    }

    /** The name in settings. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision of a name.
     *
     * @param setting that holds the name, for the message
     * @throws ModelInputException when there is none
     */
    public static InferencePrecision of(String setting, String name) {
        return Arrays.stream(values())
                .filter(value -> value.key().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                setting
                                        + " is '"
                                        + name
                                        + "'; it must be one of "
                                        + Arrays.stream(values())
                                                .map(InferencePrecision::key)
                                                .collect(Collectors.joining(", "))));
    }
}
