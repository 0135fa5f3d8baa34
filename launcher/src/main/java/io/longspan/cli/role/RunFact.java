package io.longspan.cli.role;

import io.longspan.store.run.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Something that a run has to tell the store, beside that it begins and ends. */
sealed interface RunFact {
    /** One line of JSON, for a store that is away. */
    String line();

    /** A number of a step. */
    record Measured(Metric metric) implements RunFact {
        @Override
        public String line() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("step", metric.step());
            json.put("name", metric.name());
            // JSON has no word for what is not finite.
            json.put("value", Double.toString(metric.value()));
            return Json.text(json);
        }
    }

    /** A checkpoint that has appeared. */
    record Saved(long step, String folder, String digest) implements RunFact {
        @Override
        public String line() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("step", step);
            json.put("folder", folder);
            json.put("digest", digest);
            return Json.text(json);
        }
    }

    /** Reads a line back. */
    static RunFact of(String line) {
        JsonNode json = Json.tree(line);
        long step = json.get("step").asLong();
        return json.has("folder")
                ? new Saved(step, json.get("folder").asString(), json.get("digest").asString())
                : new Measured(
                        new Metric(
                                json.get("name").asString(),
                                step,
                                Double.parseDouble(json.get("value").asString())));
    }
}
