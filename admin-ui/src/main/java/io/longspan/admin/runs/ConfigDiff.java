package io.longspan.admin.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The settings of several runs beside each other.
 *
 * @param rows by name
 */
public record ConfigDiff(List<Row> rows) {
    /**
     * One setting.
     *
     * @param name with the names it stands under, joined by dots
     * @param values one per run; a dash where the run has none
     * @param differs whether not all are the same
     */
    public record Row(String name, List<String> values, boolean differs) {}

    static ConfigDiff of(List<String> configs, boolean onlyDifferent, ObjectMapper mapper) {
        List<Map<String, String>> all = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        for (String config : configs) {
            Map<String, String> flat = new TreeMap<>();
            try {
                flatten("", mapper.readTree(config), flat);
            } catch (JacksonException e) {
                flat.put("", config);
            }
            all.add(flat);
            names.addAll(flat.keySet());
        }
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            List<String> values = all.stream().map(m -> m.getOrDefault(name, "–")).toList();
            boolean differs = values.stream().distinct().count() > 1;
            if (differs || !onlyDifferent) {
                rows.add(new Row(name, values, differs));
            }
        }
        return new ConfigDiff(rows);
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(e ->
                            flatten(
                                    prefix.isEmpty() ? e.getKey() : prefix + "." + e.getKey(),
                                    e.getValue(),
                                    into));
        } else {
            into.put(prefix, node.isString() ? node.asString() : node.toString());
        }
    }
}
