package io.longspan.cli;

import io.longspan.bench.Timing;
import io.longspan.bench.TokenizerBenchResult;
import io.longspan.bench.TokenizerBenchResult.Peer;
import io.longspan.cli.term.Table;
import io.longspan.corpus.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the bench of the ingest found.
 *
 * @param manifest of the data set that each run made
 * @param seconds of the timed runs
 * @param workers of the ingest
 * @param tokenizer alone; empty where the source is no texts in files
 * @param peak bytes of memory that this process held at most while it ingested; -1 where unknown
 */
record IngestBenchView(
        Manifest manifest,
        List<Double> seconds,
        int workers,
        Optional<TokenizerBenchResult> tokenizer,
        long peak) {
    private static final double MEGABYTE = 1e6;
    private static final double MEBIBYTE = 1 << 20;

    private double median() {
        return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }

    /** Of the source as it lies on the disk. */
    private double megabytesPerSecond() {
        return manifest.source().bytes() / MEGABYTE / median();
    }

    private double share(TokenizerBenchResult alone) {
        return megabytesPerSecond() / alone.megabytesPerSecondOfAll();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("corpus", manifest.corpus());
        json.put("workers", workers);
        json.put("source_bytes", manifest.source().bytes());
        json.put("documents", manifest.totals().written());
        json.put("tokens", manifest.totals().tokens());
        json.put("seconds", median());
        json.put("min_seconds", seconds.stream().min(Double::compare).orElseThrow());
        json.put("max_seconds", seconds.stream().max(Double::compare).orElseThrow());
        json.put("mb_per_second", megabytesPerSecond());
        json.put("tokens_per_second", manifest.totals().tokens() / median());
        json.put("peak_rss_bytes", peak);
        tokenizer.ifPresent(alone -> {
            json.put("share_of_tokenizer", share(alone));
            json.put("tokenizer", json(alone));
        });
        return json;
    }

    private static Map<String, Object> json(TokenizerBenchResult alone) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bytes", alone.bytes());
        json.put("tokens", alone.tokens());
        json.put("mb_per_second", alone.megabytesPerSecond());
        json.put("tokens_per_second", alone.tokens() / alone.one().medianSeconds());
        json.put("mb_per_second_of_all", alone.megabytesPerSecondOfAll());
        json.put("threads", alone.threads());
        alone.ratio().ifPresent(ratio -> json.put("ratio", ratio));
        json.put("peers", alone.peers().stream().map(peer -> json(alone, peer)).toList());
        return json;
    }

    private static Map<String, Object> json(TokenizerBenchResult alone, Peer peer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", peer.name());
        json.put("version", peer.version());
        Timing timing = peer.timing();
        if (timing == null) {
            json.put("note", peer.note());
        } else {
            json.put("mb_per_second", alone.megabytesPerSecond(timing));
            json.put("same_ids", peer.sameIds());
        }
        return json;
    }

    String text() {
        Table table = new Table("what", "MB/s", "threads", "note");
        tokenizer.ifPresent(alone -> {
            table.row("tokenizer alone", number(alone.megabytesPerSecond()), "1", "");
            table.row(
                    "tokenizer alone",
                    number(alone.megabytesPerSecondOfAll()),
                    Integer.toString(alone.threads()),
                    "");
            for (Peer peer : alone.peers()) {
                Timing timing = peer.timing();
                table.row(
                        peer.name() + " " + peer.version(),
                        timing == null ? "-" : number(alone.megabytesPerSecond(timing)),
                        "1",
                        timing == null
                                ? peer.note()
                                : peer.sameIds() ? "the same ids" : "OTHER IDS");
            }
        });
        table.row(
                "ingest of " + manifest.corpus(),
                number(megabytesPerSecond()),
                Integer.toString(workers),
                "of the source");
        StringBuilder text = new StringBuilder().append(table);
        text.append(
                String.format(
                        Locale.ROOT,
                        "%n%n%,d bytes, %,d documents, %,d tokens in %.2f s; %s at most in memory",
                        manifest.source().bytes(),
                        manifest.totals().written(),
                        manifest.totals().tokens(),
                        median(),
                        peak < 0
                                ? "unknown"
                                : String.format(Locale.ROOT, "%.0f MiB", peak / MEBIBYTE)));
        tokenizer.ifPresent(alone -> {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%nend to end at %.0f %% of the tokenizer's speed on as many threads",
                            100 * share(alone)));
            alone.ratio()
                    .ifPresent(ratio ->
                            text.append(
                                    String.format(
                                            Locale.ROOT,
                                            "%non one thread %.1f times as fast as the fastest of tokenizers",
                                            ratio)));
        });
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
