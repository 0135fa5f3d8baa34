package io.longspan.cli;

import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ReceptiveField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The receptive field of a model as {@code inspect} prints it. */
final class ReceptiveFieldView {
    private ReceptiveFieldView() {}

    /** One line, its name in the column of the others. */
    static String text(LongformerConfig config) {
        ReceptiveField field = ReceptiveField.of(config);
        long widest =
                field.layers().stream()
                        .mapToLong(reach -> reach.left() + reach.right())
                        .max()
                        .orElseThrow();
        return String.format(
                Locale.ROOT,
                "sees        %,d tokens back and %,d ahead through all layers, %,d to both sides in the widest one (global tokens aside)",
                field.total().left(),
                field.total().right(),
                widest);
    }

    /** {@code left} and {@code right} in tokens, of all layers together and of each. */
    static Map<String, Object> json(LongformerConfig config) {
        ReceptiveField field = ReceptiveField.of(config);
        Map<String, Object> json = new LinkedHashMap<>(reach(field.total()));
        List<Map<String, Long>> layers =
                field.layers().stream().map(ReceptiveFieldView::reach).toList();
        json.put("layers", layers);
        return json;
    }

    private static Map<String, Long> reach(ReceptiveField.Reach reach) {
        Map<String, Long> json = new LinkedHashMap<>();
        json.put("left", reach.left());
        json.put("right", reach.right());
        return json;
    }
}
