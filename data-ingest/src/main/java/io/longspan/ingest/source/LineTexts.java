package io.longspan.ingest.source;

import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import io.longspan.ingest.source.Unpacker.Unpacked;
import java.util.Optional;

/** A line of a text file is a piece of text; {@link PackedCursor} makes documents of them. */
record LineTexts() implements RecordFormat {
    @Override
    public Records open(Unpacked file, long base, ReadLimits limits) {
        LineReader lines = new LineReader(file.content(), limits.longestDocument());
        String path = file.path();
        return () -> {
            if (!lines.next()) {
                return null;
            }
            long at = base + lines.start();
            String id = path + "@" + at;
            if (lines.tooLong()) {
                return new Unusable(id, path, at, DropReason.TOO_LARGE, "");
            }
            Optional<String> text = TextDecoder.decode(lines.bytes(), limits.fallback());
            return text.<SourceRecord>map(
                            line -> new Document(id, path, id, line.strip(), "", "", "", ""))
                    .orElseGet(
                            () -> new Unusable(id, path, at, DropReason.UNDECODABLE, "no UTF-8"));
        };
    }
}
