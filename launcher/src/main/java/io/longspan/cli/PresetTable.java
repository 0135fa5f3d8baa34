package io.longspan.cli;

import io.longspan.cli.term.Table;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.Presets;
import io.longspan.model.infer.ParameterCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The presets with their sizes. */
final class PresetTable {
    private PresetTable() {}

    static List<Map<String, Object>> json() {
        List<Map<String, Object>> presets = new ArrayList<>();
        for (String name : Presets.names()) {
            LongformerConfig config = Presets.get(name);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name);
            entry.put("model_type", config.modelType().key());
            entry.put("layers", config.layers());
            entry.put("hidden_size", config.hiddenSize());
            entry.put("heads", config.heads());
            entry.put("positions", config.usablePositions());
            entry.put("windows", windows(config));
            entry.put("parameters", parameters(config));
            presets.add(entry);
        }
        return presets;
    }

    static String text() {
        Table table =
                new Table(
                        "preset",
                        "type",
                        "parameters",
                        "layers",
                        "hidden",
                        "heads",
                        "tokens",
                        "window");
        for (String name : Presets.names()) {
            LongformerConfig config = Presets.get(name);
            table.row(
                    name,
                    config.modelType().key(),
                    String.format(Locale.ROOT, "%,d", parameters(config)),
                    Integer.toString(config.layers()),
                    Integer.toString(config.hiddenSize()),
                    Integer.toString(config.heads()),
                    String.format(Locale.ROOT, "%,d", config.usablePositions()),
                    span(windows(config)));
        }
        return table.toString();
    }

    private static long parameters(LongformerConfig config) {
        return ParameterCount.of(config, Task.MASKED_LM, 0).total();
    }

    /** Total width per layer; of a causal model half of it counts. */
    private static List<Integer> windows(LongformerConfig config) {
        return config.attention().stream().map(LayerAttention::widest).toList();
    }

    private static String span(List<Integer> windows) {
        if (windows.isEmpty()) {
            return "all";
        }
        return windows.getFirst().equals(windows.getLast())
                ? String.valueOf(windows.getFirst())
                : windows.getFirst() + " to " + windows.getLast();
    }
}
