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

    /**
     * One layer.
     *
     * @param index from 0
     * @param left steps to the left per head
     * @param right steps to the right per head
     * @param dilation tokens from one key to the next per head
     * @param receptive what the layer sees through those below it
     */
    private record Layer(
            int index,
            List<Integer> left,
            List<Integer> right,
            List<Integer> dilation,
            ReceptiveField.Reach receptive) {
        boolean seesTheSameAs(Layer other) {
            return left.equals(other.left)
                    && right.equals(other.right)
                    && dilation.equals(other.dilation);
        }
    }

    /** One entry per layer; the receptive field is what the layer sees through those below it. */
    static List<Map<String, Object>> json(LongformerConfig config) {
        List<Map<String, Object>> layers = new ArrayList<>();
        for (Layer layer : of(config)) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("layer", layer.index());
            entry.put("left", layer.left());
            entry.put("right", layer.right());
            entry.put("dilation", layer.dilation());
            entry.put("receptive_left", layer.receptive().left());
            entry.put("receptive_right", layer.receptive().right());
            layers.add(entry);
        }
        return layers;
    }

    /** Neighbouring layers that see the same share a row. */
    static String table(LongformerConfig config) {
        Table table = new Table("layers", "left", "right", "dilation", "receptive field");
        List<Layer> layers = of(config);
        for (int first = 0; first < layers.size(); ) {
            int last = first;
            while (last + 1 < layers.size()
                    && layers.get(first).seesTheSameAs(layers.get(last + 1))) {
                last++;
            }
            Layer layer = layers.get(last);
            table.row(
                    first == last ? Integer.toString(first) : first + "-" + last,
                    heads(layer.left()),
                    heads(layer.right()),
                    heads(layer.dilation()),
                    String.format(
                            Locale.ROOT,
                            "-%,d to +%,d",
                            layer.receptive().left(),
                            layer.receptive().right()));
            first = last + 1;
        }
        return table.toString();
    }

    private static List<Layer> of(LongformerConfig config) {
        List<Layer> layers = new ArrayList<>();
        ReceptiveField field = ReceptiveField.of(config);
        long left = 0;
        long right = 0;
        for (int index = 0; index < config.layers(); index++) {
            AttentionPattern pattern = config.pattern(index);
            left += field.layers().get(index).left();
            right += field.layers().get(index).right();
            layers.add(
                    new Layer(
                            index,
                            perHead(pattern, pattern::left),
                            perHead(pattern, pattern::right),
                            perHead(pattern, pattern::dilation),
                            new ReceptiveField.Reach(left, right)));
        }
        return layers;
    }

    private static List<Integer> perHead(AttentionPattern pattern, IntUnaryOperator value) {
        return IntStream.range(0, pattern.heads()).map(value).boxed().toList();
    }

    /** One number when the heads agree, else all of them. */
    private static String heads(List<Integer> values) {
        return values.stream().distinct().count() == 1
                ? String.valueOf(values.getFirst())
                : values.toString();
    }
}
