package io.longspan.cli.role;

import io.longspan.corpus.Manifest;
import io.longspan.ingest.IngestOutcome;
import io.longspan.ingest.IngestSnapshot;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What an ingest has to say for itself, for the queue, the progress line and the command line. */
public final class IngestSummary {
    private static final double MEBIBYTE = 1 << 20;

    private IngestSummary() {}

    /** One line on how far it is. */
    public static String note(IngestSnapshot at) {
        return switch (at.phase()) {
            case PLANNING -> "planning";
            case PUBLISHING -> "publishing";
            case WRITING ->
                    String.format(
                            Locale.ROOT,
                            "%,d of %,d documents, %,d tokens, %.1f MiB/s",
                            at.documentsDone(),
                            at.documentsTotal(),
                            at.tokens(),
                            at.bytesPerSecond() / MEBIBYTE);
        };
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
