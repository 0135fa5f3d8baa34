package io.longspan.cli.role;

import io.longspan.corpus.Manifest;
import io.longspan.ingest.IngestOutcome;
import io.longspan.ingest.IngestSnapshot;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What an ingest has to say for itself, for the queue, the progress line and the command line. */
public final class IngestSummary {
    private static final double MEBIBYTE = 1 << 20;
    private static final int MOST_PARTITIONS = 4;

    private IngestSummary() {}

    /** One line on how far it is. */
    public static String note(IngestSnapshot at) {
        return switch (at.phase()) {
            case PLANNING -> "planning";
            case PUBLISHING -> "publishing";
            case SURVEYING ->
                    String.format(
                            Locale.ROOT,
                            "looking for duplicates, %.1f MiB/s%s",
                            at.bytesPerSecond() / MEBIBYTE,
                            remaining(at));
            case WRITING ->
                    String.format(
                            Locale.ROOT,
                            "%,d%s documents (%,.0f/s), %,d tokens (%,.0f/s), %.1f MiB/s%s%s",
                            at.documentsDone(),
                            at.documentsTotal() == 0
                                    ? ""
                                    : String.format(Locale.ROOT, " of %,d", at.documentsTotal()),
                            at.documentsPerSecond(),
                            at.tokens(),
                            at.tokensPerSecond(),
                            at.bytesPerSecond() / MEBIBYTE,
                            remaining(at),
                            partitions(at));
        };
    }

    private static String remaining(IngestSnapshot at) {
        return at.remaining()
                .map(left ->
                        String.format(
                                Locale.ROOT,
                                ", %d:%02d:%02d left",
                                left.toHours(),
                                left.toMinutesPart(),
                                left.toSecondsPart()))
                .orElse("");
    }

    /** How far each partition is that is worked on. */
    private static String partitions(IngestSnapshot at) {
        if (at.partitions().isEmpty()) {
            return "";
        }
        return at.partitions().stream()
                .limit(MOST_PARTITIONS)
                .map(one ->
                        String.format(
                                Locale.ROOT,
                                "%s %d %%",
                                one.name(),
                                100 * one.bytesDone() / Math.max(1, one.bytesTotal())))
                .collect(Collectors.joining(", ", "; ", ""));
    }

    /** A complete data set in numbers. */
    public static Map<String, Object> json(IngestOutcome.Complete complete) {
        Manifest manifest = complete.manifest();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", manifest.name());
        json.put("corpus", manifest.corpus());
        json.put("documents", manifest.totals().written());
        json.put("tokens", manifest.totals().tokens());
        json.put("shards", manifest.shards().size());
        json.put("read", manifest.totals().read());
        json.put("dropped", manifest.totals().dropped());
        json.put("already", complete.already());
        return json;
    }

    /** The same for people. */
    public static String text(IngestOutcome.Complete complete) {
        Manifest.Totals totals = complete.manifest().totals();
        return String.format(
                Locale.ROOT,
                "%s: %,d documents, %,d tokens in %d shards%s%s",
                complete.already() ? "complete already, nothing was changed" : "complete",
                totals.written(),
                totals.tokens(),
                complete.manifest().shards().size(),
                totals.droppedInAll() == 0 ? "" : "; dropped ",
                totals.droppedInAll() == 0 ? "" : totals.dropped());
    }
}
