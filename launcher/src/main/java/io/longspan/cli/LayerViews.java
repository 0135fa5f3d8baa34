package io.longspan.cli;

import io.longspan.attention.AttentionPattern;
import io.longspan.cli.term.Table;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ReceptiveField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** What every layer sees, as a table and as JSON. */
final class LayerViews {
    private LayerViews() {}

    /** One entry per layer; the receptive field is what the layer sees through those below it. */
    static List<Map<String, Object>> of(LongformerConfig config) {
        List<Map<String, Object>> layers = new ArrayList<>();
        ReceptiveField field = ReceptiveField.of(config);
        long left = 0;
        long right = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            AttentionPattern pattern = config.pattern(layer);
            left += field.layers().get(layer).left();
            right += field.layers().get(layer).right();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("layer", layer);
            entry.put("left", perHead(pattern, pattern::left));
            entry.put("right", perHead(pattern, pattern::right));
            entry.put("dilation", perHead(pattern, pattern::dilation));
            entry.put("receptive_left", left);
            entry.put("receptive_right", right);
            layers.add(entry);
        }
        return layers;
    }

    /** Neighbouring layers that see the same share a row. */
    static String table(LongformerConfig config) {
        Table table = new Table("layers", "left", "right", "dilation", "receptive field");
        List<Map<String, Object>> layers = of(config);
        for (int first = 0; first < layers.size(); ) {
            int last = first;
            while (last + 1 < layers.size() && same(layers.get(first), layers.get(last + 1))) {
                last++;
            }
            Map<String, Object> entry = layers.get(last);
            table.row(
                    first == last ? Integer.toString(first) : first + "-" + last,
                    heads(entry.get("left")),
                    heads(entry.get("right")),
                    heads(entry.get("dilation")),
                    String.format(
                            Locale.ROOT,
                            "-%,d to +%,d",
                            (Long) entry.get("receptive_left"),
                            (Long) entry.get("receptive_right")));
            first = last + 1;
        }
        return table.toString();
    }

    private static boolean same(Map<String, Object> one, Map<String, Object> other) {
        return List.of("left", "right", "dilation").stream()
                .allMatch(
                        key -> String.valueOf(one.get(key)).equals(String.valueOf(other.get(key))));
    }

    private static List<Integer> perHead(AttentionPattern pattern, IntUnaryOperator value) {
        return IntStream.range(0, pattern.heads()).map(value).boxed().toList();
    }

    /** One number when the heads agree, else all of them. */
    private static String heads(Object perHead) {
        List<?> values = (List<?>) perHead;
        return values.stream().distinct().count() == 1
                ? String.valueOf(values.getFirst())
                : values.toString();
    }
}
