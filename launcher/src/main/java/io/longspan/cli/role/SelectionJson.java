package io.longspan.cli.role;

import io.longspan.attention.Availability;
import io.longspan.attention.Capabilities;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.SelectionReport;
import io.longspan.attention.registry.SelectionRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The selection report as JSON, the same wherever it stands: printed by {@code longspan backends
 * --json}, stored with a node, shown in the console.
 */
public final class SelectionJson {
    private SelectionJson() {}

    /**
     * The report.
     *
     * @param registry that it was made over
     * @param more per backend name, entries to add to its row
     */
    public static Map<String, Object> of(
            SelectionReport report, AttentionRegistry registry, Map<String, Map<String, ?>> more) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (SelectionRow row : report.rows()) {
            Capabilities can = registry.named(row.name()).provider().capabilities();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", row.name());
            entry.put("version", row.version());
            entry.put("available", row.availability() instanceof Availability.Available);
            entry.put("reason", row.against());
            entry.put("supported", row.usable());
            entry.put("chosen", row.name().equals(report.chosen()));
            entry.put("priority", row.priority());
            entry.put("summary", row.summary());
            entry.put("origin", row.origin());
            entry.put("features", can.features());
            entry.put("guarantees", can.guarantees());
            entry.put("types", can.types());
            entry.put("devices", can.devices());
            entry.putAll(more.getOrDefault(row.name(), Map.of()));
            rows.add(entry);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("asked", report.asked());
        all.put("chosen", report.chosen());
        all.put("error", report.error());
        all.put("backends", rows);
        all.put("rejected", report.rejected());
        return all;
    }
}
