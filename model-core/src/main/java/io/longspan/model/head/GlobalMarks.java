package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import java.util.stream.IntStream;

/** Makes tokens of a batch global as a rule says. */
final class GlobalMarks {
    private GlobalMarks() {}

    /**
     * The layout with global tokens. Masked tokens stay masked, others keep what they are.
     *
     * @param ids [T]
     * @throws ModelInputException naming the row that lacks a separator which the rule needs
     */
    static SequenceLayout of(
            GlobalPolicy policy, LongformerConfig config, long[] ids, SequenceLayout layout) {
        int[] marked =
                IntStream.range(0, layout.sequences())
                        .flatMap(b -> places(policy, config, ids, layout, b))
                        .filter(t -> layout.role(t) != TokenRole.MASKED)
                        .toArray();
        return marked.length == 0 ? layout : layout.withGlobals(marked);
    }

    private static IntStream places(
            GlobalPolicy policy,
            LongformerConfig config,
            long[] ids,
            SequenceLayout layout,
            int b) {
        int start = layout.start(b);
        int end = layout.end(b);
        return switch (policy) {
            case GlobalPolicy.Named named ->
                    switch (named) {
                        case NONE -> IntStream.empty();
                        case FIRST_TOKEN -> IntStream.of(start);
                        case BEFORE_FIRST_SEPARATOR ->
                                IntStream.range(start, separator(config, ids, layout, b));
                        case SECOND_SEGMENT ->
                                IntStream.range(
                                        Math.min(
                                                end,
                                                separator(config, ids, layout, b)
                                                        + config.inputFormat().pairSeparators()),
                                        end);
                    };
            case GlobalPolicy.Positions positions ->
                    positions.places().stream()
                            .mapToInt(place -> start + place)
                            .filter(t -> t >= start && t < end);
        };
    }

    private static int separator(
            LongformerConfig config, long[] ids, SequenceLayout layout, int b) {
        int separator = config.ids().sep();
        for (int t = layout.start(b); t < layout.end(b); t++) {
            if (ids[t] == separator) {
                return t;
            }
        }
        throw new ModelInputException(
                "row "
                        + b
                        + " holds no separator (id "
                        + separator
                        + "), and the tokens before or after it are to be global; give one, or another rule for global tokens");
    }
}
