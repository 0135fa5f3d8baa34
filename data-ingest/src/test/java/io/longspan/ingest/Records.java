package io.longspan.ingest;

import io.longspan.corpus.DiskFiles;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.ingest.source.CorpusReader.Division;
import io.longspan.ingest.source.ReadPart;
import io.longspan.ingest.source.RecordCursor;
import io.longspan.ingest.source.SourceFile;
import io.longspan.ingest.source.SourceRecord;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import io.longspan.ingest.source.StreamStarts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** All records of files, as a reader gives them. */
final class Records {
    private Records() {}

    /** Of whole files, undivided. */
    static List<SourceRecord> of(Corpus corpus, IngestSettings settings, Path source)
            throws IOException {
        CorpusReader reader = corpus.reader(settings);
        List<SourceRecord> found = new ArrayList<>();
        for (SourceFile file : reader.list(List.of(source))) {
            add(reader, file, new Division(0, -1, file.bytes()), found);
        }
        return found;
    }

    /** Of a file that is divided into parts of so many bytes; a list for each part. */
    static List<List<SourceRecord>> divided(
            Corpus corpus, IngestSettings settings, Path source, long wanted) throws IOException {
        CorpusReader reader = corpus.reader(settings);
        SourceFile file = reader.list(List.of(source)).getFirst();
        StreamStarts streams = new StreamStarts();
        byte[] content = Files.readAllBytes(source);
        streams.look(content, content.length);
        List<Division> parts =
                reader.divide(
                        file, reader.dividedByStreams(file) ? streams.found() : List.of(), wanted);
        List<List<SourceRecord>> found = new ArrayList<>();
        for (Division part : parts) {
            List<SourceRecord> records = new ArrayList<>();
            add(reader, file, part, records);
            found.add(records);
        }
        return found;
    }

    private static void add(
            CorpusReader reader, SourceFile file, Division part, List<SourceRecord> to)
            throws IOException {
        MessageDigest digest = DiskFiles.sha256();
        digest.update(Files.readAllBytes(file.location()));
        ReadPart read =
                new ReadPart(List.of(file), List.of(DiskFiles.hex(digest)), part.from(), part.to());
        try (RecordCursor cursor = reader.open(read, part.bytes())) {
            for (SourceRecord record = cursor.next(); record != null; record = cursor.next()) {
                to.add(record);
            }
        }
    }

    static List<Document> documents(List<SourceRecord> records) {
        return records.stream()
                .filter(Document.class::isInstance)
                .map(Document.class::cast)
                .toList();
    }

    static List<Unusable> unusable(List<SourceRecord> records) {
        return records.stream()
                .filter(Unusable.class::isInstance)
                .map(Unusable.class::cast)
                .toList();
    }
}
