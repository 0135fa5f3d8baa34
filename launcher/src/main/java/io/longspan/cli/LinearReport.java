package io.longspan.cli;

import io.longspan.cli.term.Table;
import io.longspan.model.infer.InferencePrecision;
import io.longspan.model.linear.LinearAvailability;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which kernels linear layers of inference can have here.
 *
 * @param asked by the configuration
 * @param found by precision
 */
record LinearReport(InferencePrecision asked, Map<LinearPrecision, LinearAvailability> found) {
    /** Looks what is there. */
    static LinearReport of(InferencePrecision asked) {
        Map<LinearPrecision, LinearAvailability> found = new EnumMap<>(LinearPrecision.class);
        try (LinearKernels kernels = LinearKernels.open(1)) {
            for (LinearPrecision precision : LinearPrecision.values()) {
                found.put(precision, kernels.availability(precision));
            }
        }
        return new LinearReport(asked, found);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("precision", asked.key());
        Map<String, Object> kernels = new LinkedHashMap<>();
        found.forEach((precision, what) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("available", what instanceof LinearAvailability.Available);
            entry.put("reason", detail(what));
            kernels.put(name(precision), entry);
        });
        json.put("kernels", kernels);
        return json;
    }

    String text() {
        Table table = new Table("linear layers", "state", "");
        found.forEach((precision, what) -> {
            boolean available = what instanceof LinearAvailability.Available;
            boolean chosen = precision == asked.packed();
            table.row(
                    name(precision),
                    available ? chosen ? "chosen" : "available" : "unavailable",
                    detail(what));
        });
        table.row(
                "engine", asked == InferencePrecision.ENGINE ? "chosen" : "available", "libtorch");
        return table.toString();
    }

    private static String detail(LinearAvailability what) {
        return switch (what) {
            case LinearAvailability.Available(String kernel) -> kernel;
            case LinearAvailability.Unavailable(String reason) -> reason;
        };
    }

    private static String name(LinearPrecision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }
}
