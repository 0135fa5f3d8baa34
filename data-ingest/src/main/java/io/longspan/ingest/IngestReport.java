package io.longspan.ingest;

import io.longspan.corpus.Manifest;
import io.longspan.corpus.Statistics;
import io.longspan.corpus.Statistics.Bucket;
import io.longspan.corpus.Statistics.FileCount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A data set in numbers, for machines, for people, and as a picture. */
public final class IngestReport {
    private static final int BAR = 40;

    private IngestReport() {}

    /** Members for JSON. */
    public static Map<String, Object> json(Statistics of) {
        Manifest manifest = of.manifest();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", manifest.name());
        json.put("corpus", manifest.corpus());
        json.put("settings", manifest.settings());
        json.put("read", manifest.totals().read());
        json.put("written", manifest.totals().written());
        json.put("tokens", manifest.totals().tokens());
        json.put("dropped", manifest.totals().dropped());
        json.put("duplicates", manifest.totals().dropped().getOrDefault("duplicate", 0L));
        json.put("languages", manifest.totals().languages());
        json.put("lengths", of.lengths());
        json.put("histogram", of.histogram());
        json.put("files", of.files());
        json.put("other_files", of.otherFiles());
        return json;
    }

    /** Lines for people. */
    public static String text(Statistics of) {
        Manifest.Totals totals = of.manifest().totals();
        StringBuilder text = new StringBuilder();
        put(
                text,
                String.format(Locale.ROOT, "%s: %s", of.manifest().name(), of.manifest().corpus()));
        put(
                text,
                String.format(
                        Locale.ROOT,
                        "%,d documents read, %,d written with %,d tokens, %,d dropped",
                        totals.read(),
                        totals.written(),
                        totals.tokens(),
                        totals.droppedInAll()));
        totals.dropped()
                .forEach((reason, count) ->
                        put(
                                text,
                                String.format(
                                        Locale.ROOT,
                                        "  %-24s %,14d  %5.1f %%",
                                        reason,
                                        count,
                                        percent(count, totals))));
        languages(text, totals);
        put(
                text,
                String.format(
                        Locale.ROOT,
                        "tokens in a document: shortest %,d, median %,d, mean %,.0f, 95 %% up to %,d, longest"
                                + " %,d",
                        of.lengths().shortest(),
                        of.lengths().median(),
                        of.lengths().mean(),
                        of.lengths().p95(),
                        of.lengths().longest()));
        long most = of.histogram().stream().mapToLong(Bucket::documents).max().orElse(1);
        for (Bucket bucket : of.histogram()) {
            put(
                    text,
                    String.format(
                            Locale.ROOT,
                            "  from %,11d %,14d documents %,18d tokens  %s",
                            bucket.from(),
                            bucket.documents(),
                            bucket.tokens(),
                            "#".repeat((int) (BAR * bucket.documents() / most))));
        }
        put(text, "tokens of each file of the source:");
        for (FileCount file : of.files()) {
            put(
                    text,
                    String.format(
                            Locale.ROOT,
                            "  %,18d tokens %,14d documents  %s",
                            file.tokens(),
                            file.documents(),
                            file.path()));
        }
        if (of.otherFiles() > 0) {
            put(
                    text,
                    String.format(
                            Locale.ROOT, "  and %,d files with fewer tokens", of.otherFiles()));
        }
        return text.toString().stripTrailing();
    }

    private static void languages(StringBuilder text, Manifest.Totals totals) {
        if (totals.languages().isEmpty()) {
            return;
        }
        put(text, "documents by language:");
        totals.languages().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(one ->
                        put(
                                text,
                                String.format(
                                        Locale.ROOT,
                                        "  %-24s %,14d  %5.1f %%",
                                        one.getKey(),
                                        one.getValue(),
                                        100.0 * one.getValue() / totals.written())));
    }

    private static double percent(long count, Manifest.Totals totals) {
        return 100.0 * count / Math.max(1, totals.read());
    }

    private static void put(StringBuilder to, String row) {
        to.append(row.stripTrailing()).append('\n');
    }

    /** A picture: lengths of documents, and what became of what was read. */
    public static String svg(Statistics of) {
        List<Bucket> histogram = of.histogram();
        Manifest.Totals totals = of.manifest().totals();
        Map<String, Long> fates = new LinkedHashMap<>();
        fates.put("written", totals.written());
        fates.putAll(totals.dropped());
        Map<String, Long> languages = totals.languages();
        int height =
                120
                        + 18 * (histogram.size() + fates.size())
                        + (languages.isEmpty() ? 0 : 30 + 18 * languages.size());
        StringBuilder svg = new StringBuilder();
        put(
                svg,
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"%d\""
                                + " font-family=\"sans-serif\" font-size=\"12\">",
                        height));
        put(
                svg,
                String.format(
                        Locale.ROOT, "<rect width=\"720\" height=\"%d\" fill=\"white\"/>", height));
        label(
                svg,
                24,
                String.format(
                        Locale.ROOT,
                        "%s: %,d documents, %,d tokens",
                        of.manifest().name(),
                        totals.written(),
                        totals.tokens()));
        label(svg, 48, "Documents by length in tokens");
        Map<String, Long> lengths = new LinkedHashMap<>();
        for (Bucket bucket : histogram) {
            lengths.put(
                    String.format(Locale.ROOT, "%,d to %,d", bucket.from(), bucket.to() - 1),
                    bucket.documents());
        }
        int y = bars(svg, 54, lengths, "#1f6f8b");
        label(svg, y + 24, "What became of what was read");
        y = bars(svg, y + 30, fates, "#8b5a1f");
        if (!languages.isEmpty()) {
            label(svg, y + 24, "Documents by language");
            bars(svg, y + 30, languages, "#4f7a28");
        }
        put(svg, "</svg>");
        return svg.toString();
    }

    private static int bars(StringBuilder svg, int from, Map<String, Long> values, String colour) {
        long most =
                Math.max(1, values.values().stream().mapToLong(Long::longValue).max().orElse(1));
        int y = from;
        for (Map.Entry<String, Long> value : values.entrySet()) {
            put(
                    svg,
                    String.format(
                            Locale.ROOT,
                            "<text x=\"190\" y=\"%d\" text-anchor=\"end\">%s</text><rect x=\"200\" y=\"%d\""
                                    + " width=\"%.1f\" height=\"13\" fill=\"%s\"/><text x=\"%.1f\""
                                    + " y=\"%d\">%,d</text>",
                            y + 12,
                            escaped(value.getKey()),
                            y + 2,
                            400.0 * value.getValue() / most,
                            colour,
                            206 + 400.0 * value.getValue() / most,
                            y + 12,
                            value.getValue()));
            y += 18;
        }
        return y;
    }

    private static void label(StringBuilder svg, int y, String text) {
        put(
                svg,
                String.format(
                        Locale.ROOT,
                        "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>",
                        y,
                        escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
