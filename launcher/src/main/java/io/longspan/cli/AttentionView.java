package io.longspan.cli;

import io.longspan.model.inspect.AttendedKey;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is printed of the attention of one token: the tokens it sees, with bars. */
final class AttentionView {
    private static final int LONGEST_BAR = 40;

    private final int layer;
    private final AttendedRow row;
    private final List<AttendedKey> shown;
    private final long[] ids;
    private final Optional<RobertaTokenizer> tokenizer;

    /**
     * A view of a row.
     *
     * @param top how many keys to show, strongest first
     * @param ids of the row's sequence
     * @param tokenizer that turns ids into text, if there is one
     */
    AttentionView(
            int layer, AttendedRow row, int top, long[] ids, Optional<RobertaTokenizer> tokenizer) {
        this.layer = layer;
        this.row = row;
        this.ids = ids.clone();
        this.tokenizer = tokenizer;
        shown = row.strongest(top);
    }

    /** For machines. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layer", layer);
        json.put("head", row.head());
        json.put("sequence", row.sequence());
        json.put("role", row.role().name().toLowerCase(Locale.ROOT));
        json.putAll(token(row.position()));
        json.put("seen", row.keys().size());
        List<Map<String, Object>> keys = new ArrayList<>();
        for (AttendedKey key : shown) {
            Map<String, Object> entry = token(key.position());
            entry.put("weight", key.weight());
            keys.add(entry);
        }
        json.put("keys", keys);
        return json;
    }

    /** For people. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "layer %d, head %d: token %d (%s, %s) sees %d tokens",
                        layer,
                        row.head(),
                        row.position(),
                        label(row.position()),
                        row.role().name().toLowerCase(Locale.ROOT),
                        row.keys().size()));
        float largest = shown.isEmpty() ? 1 : shown.getFirst().weight();
        double sum = 0;
        for (AttendedKey key : shown) {
            sum += key.weight();
            int bar = Math.round(LONGEST_BAR * key.weight() / largest);
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%6d  %.4f  %-40s  %s",
                            key.position(),
                            key.weight(),
                            "#".repeat(bar),
                            label(key.position())));
        }
        if (shown.size() < row.keys().size()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%d tokens share the other %.4f; --top shows more",
                            row.keys().size() - shown.size(),
                            Math.max(0, 1 - sum)));
        }
        return String.join("\n", lines);
    }

    private Map<String, Object> token(int position) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("position", position);
        json.put("id", ids[position]);
        word(position).ifPresent(text -> json.put("text", text));
        return json;
    }

    private String label(int position) {
        return word(position)
                .map(text -> "\"" + text.replace("\n", "\\n") + "\"")
                .orElseGet(() -> "id " + ids[position]);
    }

    private Optional<String> word(int position) {
        // A model's table may be longer than its tokenizer's, to be a multiple of something.
        return tokenizer
                .filter(known -> ids[position] < known.vocabularySize())
                .map(known -> known.decode(new int[] {(int) ids[position]}, false));
    }
}
