package io.longspan.training.run;

import io.longspan.training.config.BestRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The best measurement of a run.
 *
 * @param value of the deciding number; null before the first
 * @param step after which it was measured
 * @param since measurements in a row since then that were not better
 */
record BestSoFar(@Nullable Double value, long step, int since) {
    static final BestSoFar NOTHING = new BestSoFar(null, -1, 0);

    /** With one more measurement. A first one that is no number is no best. */
    BestSoFar with(BestRule rule, double measured, long at) {
        boolean better = !Double.isNaN(measured) && (value == null || rule.better(measured, value));
        return better ? new BestSoFar(measured, at, 0) : new BestSoFar(value, step, since + 1);
    }

    void put(ObjectNode root) {
        if (value != null) {
            root.put("best_value", value);
            root.put("best_step", step);
        }
        root.put("measured_since_best", since);
    }

    static BestSoFar of(JsonNode root) {
        JsonNode value = root.path("best_value");
        return new BestSoFar(
                value.isNumber() ? value.asDouble() : null,
                root.path("best_step").asLong(-1),
                root.path("measured_since_best").asInt(0));
    }
}
