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
            entry.put("windows", config.attention().stream().map(LayerAttention::widest).toList());
            entry.put("parameters", ParameterCount.of(config, Task.MASKED_LM, 0).total());
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
        for (Map<String, Object> preset : json()) {
            table.row(
                    String.valueOf(preset.get("name")),
                    String.valueOf(preset.get("model_type")),
                    String.format(Locale.ROOT, "%,d", preset.get("parameters")),
                    String.valueOf(preset.get("layers")),
                    String.valueOf(preset.get("hidden_size")),
                    String.valueOf(preset.get("heads")),
                    String.format(Locale.ROOT, "%,d", preset.get("positions")),
                    windows((List<?>) preset.get("windows")));
        }
        return table.toString();
    }

    private static String windows(List<?> windows) {
        if (windows.isEmpty()) {
            return "all";
        }
        return windows.getFirst().equals(windows.getLast())
                ? String.valueOf(windows.getFirst())
                : windows.getFirst() + " to " + windows.getLast();
    }
}
