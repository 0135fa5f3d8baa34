package io.longspan.admin.backends;

import io.longspan.admin.page.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What the heads of a model see, read from its {@code config.json}: the keys of
 * docs/configuration-of-models.md, AllenAI's older ones included.
 *
 * @param causal whether nothing is seen from behind
 * @param layers their heads, the lowest layer first
 */
public record Pattern(boolean causal, List<List<Head>> layers) {
    private static final int MOST_LAYERS = 200;
    private static final int MOST_HEADS = 200;
    private static final int WIDEST = 1 << 24;

    /**
     * One head. Counts are steps of the dilation.
     *
     * @param left steps seen to the left
     * @param right steps seen to the right
     * @param dilation tokens from one key to the next
     */
    public record Head(int left, int right, int dilation) {
        /** Whether it sees a key at a distance, negative to the left. */
        boolean sees(int distance) {
            return distance % dilation == 0
                    && distance / dilation >= -left
                    && distance / dilation <= right;
        }
    }

    /**
     * How far a layer's output depends on tokens, the layers below included, without global tokens.
     *
     * @param left tokens to the left
     * @param right tokens to the right
     */
    public record Field(long left, long right) {}

    /** The receptive field after each layer. */
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        long left = 0;
        long right = 0;
        for (List<Head> heads : layers) {
            left += heads.stream().mapToLong(h -> (long) h.left() * h.dilation()).max().orElse(0);
            right += heads.stream().mapToLong(h -> (long) h.right() * h.dilation()).max().orElse(0);
            fields.add(new Field(left, right));
        }
        return fields;
    }

    /**
     * Reads a configuration.
     *
     * @throws Refused naming the key that is missing or wrong
     */
    public static Pattern parse(String json, ObjectMapper mapper) {
        JsonNode all;
        try {
            all = mapper.readTree(json);
        } catch (JacksonException e) {
            throw new Refused(
                    "The configuration is not valid JSON (" + e.getOriginalMessage() + ").");
        }
        int layers = count(all, "num_hidden_layers", MOST_LAYERS);
        int heads = count(all, "num_attention_heads", MOST_HEADS);
        boolean oneSided = all.has("attention_mode") || all.has("attention_dilation");
        boolean causal =
                all.path("causal").asBoolean(false) || all.path("autoregressive").asBoolean(false);
        List<List<Head>> read = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            List<Head> row = new ArrayList<>();
            for (int head = 0; head < heads; head++) {
                row.add(head(all, layer, head, causal, oneSided));
            }
            read.add(row);
        }
        return new Pattern(causal, read);
    }

    private static Head head(JsonNode all, int layer, int head, boolean causal, boolean oneSided) {
        JsonNode perHead = all.path("attention_dilation_per_head");
        JsonNode perLayer = all.path("attention_dilation");
        int dilation =
                perHead.isArray()
                        ? number(perHead.path(layer).path(head), "attention_dilation_per_head", 1)
                        : perLayer.isArray()
                                ? number(perLayer.path(layer), "attention_dilation", 1)
                                : 1;
        JsonNode reach = all.path("attention_reach_per_head");
        if (reach.isArray()) {
            JsonNode pair = reach.path(layer).path(head);
            return new Head(
                    number(pair.path(0), "attention_reach_per_head", 0),
                    number(pair.path(1), "attention_reach_per_head", 0),
                    dilation);
        }
        JsonNode wide = all.path("attention_window_per_head");
        JsonNode window = all.path("attention_window");
        int width =
                wide.isArray()
                        ? number(wide.path(layer).path(head), "attention_window_per_head", 0)
                        : number(
                                window.isArray() ? window.path(layer) : window,
                                "attention_window",
                                0);
        int half = oneSided ? width : width / 2;
        return new Head(half, causal ? 0 : half, dilation);
    }

    private static int count(JsonNode all, String key, int most) {
        int value = number(all.path(key), key, 1);
        if (value > most) {
            throw new Refused(
                    "'" + key + "' is " + value + "; the drawing takes 1 to " + most + ".");
        }
        return value;
    }

    private static int number(JsonNode value, String key, int least) {
        int number = value.isIntegralNumber() ? value.asInt(-1) : -1;
        if (number < least || number > WIDEST) {
            throw new Refused(
                    "'"
                            + key
                            + "' of the configuration is '"
                            + (value.isMissingNode() ? "missing" : value)
                            + "'; it must be a number from "
                            + least
                            + " to "
                            + WIDEST
                            + " for every layer and head.");
        }
        return number;
    }

    /**
     * What a row of tokens sees as SVG: a square per query and key.
     *
     * @param tokens rows and columns
     * @param globals positions of the global tokens
     */
    String svg(int layer, int head, int tokens, List<Integer> globals) {
        Head seen = layers.get(layer).get(head);
        int cell = Math.max(2, 512 / tokens);
        int size = cell * tokens;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg class=\"pattern\" viewBox=\"0 0 ")
                .append(size)
                .append(' ')
                .append(size)
                .append(
                        "\" role=\"img\" aria-label=\"Keys that each token sees\"><rect class=\"ground\" width=\"")
                .append(size)
                .append("\" height=\"")
                .append(size)
                .append("\"/>");
        for (int query = 0; query < tokens; query++) {
            int row = query;
            IntUnaryOperator kind =
                    key -> {
                        if (causal && key > row) {
                            return 0;
                        }
                        return globals.contains(key) || globals.contains(row)
                                ? 2
                                : seen.sees(key - row) ? 1 : 0;
                    };
            int from = 0;
            while (from < tokens) {
                int what = kind.applyAsInt(from);
                int to = from + 1;
                while (to < tokens && kind.applyAsInt(to) == what) {
                    to++;
                }
                if (what > 0) {
                    svg.append("<rect class=\"")
                            .append(what == 2 ? "global" : "cell")
                            .append("\" x=\"")
                            .append(from * cell)
                            .append("\" y=\"")
                            .append(row * cell)
                            .append("\" width=\"")
                            .append((to - from) * cell)
                            .append("\" height=\"")
                            .append(cell)
                            .append("\"/>");
                }
                from = to;
            }
        }
        return svg.append("</svg>").toString();
    }
}
