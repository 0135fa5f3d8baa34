package io.longspan.ingest.source;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.ParquetMemory;
import io.longspan.corpus.ParquetTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a corpus: lists its files, divides them, opens parts of them. Thread-safe.
 *
 * @param shape how documents stand in the files
 * @param columns names of the members of rows
 * @param licence of the rows of a Parquet file, or empty
 * @param packedCharacters length of the documents that are made of pieces
 * @param limits what protects the machine
 * @param memory of all readers of Parquet together
 */
public record CorpusReader(
        SourceShape shape,
        Columns columns,
        String licence,
        int packedCharacters,
        ReadLimits limits,
        ParquetMemory memory) {
    /** With what readers of Parquet share with others. */
    public CorpusReader with(ParquetMemory shared) {
        return new CorpusReader(shape, columns, licence, packedCharacters, limits, shared);
    }

    /**
     * A part of a file that can be read without the others.
     *
     * @param from first byte or row
     * @param to byte or row behind the last; negative for the end of the file
     * @param bytes of the file that it stands for
     */
    public record Division(long from, long to, long bytes) {}

    /**
     * The files of a source, in the order of their documents.
     *
     * @throws CorpusException when there is nothing to read
     */
    public List<SourceFile> list(List<Path> sources) throws IOException {
        List<SourceFile> files = SourceFiles.list(sources, shape::wants, shape.ends());
        for (SourceFile file : files) {
            FileNaming naming = FileNaming.of(file.path());
            boolean text = shape == SourceShape.TEXT_FILES;
            if (!text && !shape.wants(file.path()) && !(naming.packed() && !naming.archive())) {
                throw new CorpusException(
                        "source '"
                                + file.location()
                                + "' has a name from which its format cannot be told; it must end in "
                                + shape.ends());
            }
        }
        return files;
    }

    /** Whether whole files are documents, so that small ones are read together. */
    public boolean wholeFiles(SourceFile file) {
        FileNaming naming = FileNaming.of(file.path());
        return !naming.packed()
                && !naming.parquet()
                && (shape == SourceShape.TEXT_FILES || shape == SourceShape.NAMED_TEXT_FILES);
    }

    /** Whether places where compressed streams begin divide the file. */
    public boolean dividedByStreams(SourceFile file) {
        FileNaming naming = FileNaming.of(file.path());
        return shape == SourceShape.WIKIPEDIA
                && naming.compression() == FileNaming.Compression.BZIP2
                && !naming.archive();
    }

    /**
     * Divides a file; the division follows from its content alone.
     *
     * @param file of {@link #list}
     * @param streams where its compressed streams begin, in order; empty where that says nothing
     * @param wanted bytes that a part should stand for
     */
    public List<Division> divide(SourceFile file, List<Long> streams, long wanted) {
        FileNaming naming = FileNaming.of(file.path());
        if (naming.parquet()) {
            return rowGroups(file, wanted);
        }
        boolean lines =
                shape == SourceShape.JSON_LINES
                        || shape == SourceShape.PIECES
                        || shape == SourceShape.LINES_OR_ROWS;
        boolean pages = shape == SourceShape.WIKIPEDIA && !recoded(file);
        if (!naming.packed() && (lines || pages)) {
            return ranges(file, wanted);
        }
        return streams.size() > 1 ? byStreams(file, streams, wanted) : whole(file);
    }

    /** Whether a byte order mark says that it is not UTF-8, so that its bytes are not its signs. */
    private static boolean recoded(SourceFile file) {
        try (InputStream in = Files.newInputStream(file.location())) {
            return TextDecoder.marked(in.readNBytes(4))
                    .filter(charset -> !charset.equals(StandardCharsets.UTF_8))
                    .isPresent();
        } catch (IOException _) {
            // Whoever opens it says so.
            return true;
        }
    }

    private static List<Division> whole(SourceFile file) {
        return List.of(new Division(0, -1, file.bytes()));
    }

    private static List<Division> ranges(SourceFile file, long wanted) {
        if (file.bytes() <= wanted) {
            return whole(file);
        }
        List<Division> found = new ArrayList<>();
        for (long from = 0; from < file.bytes(); from += wanted) {
            long to = Math.min(file.bytes(), from + wanted);
            found.add(new Division(from, to, to - from));
        }
        return found;
    }

    /** Text packs to about a quarter, so a quarter of the bytes is asked for. */
    private static List<Division> byStreams(SourceFile file, List<Long> streams, long wanted) {
        List<Division> found = new ArrayList<>();
        long from = 0;
        for (long start : streams) {
            if (start - from >= Math.max(1, wanted / 4) && StreamStarts.page(file, start)) {
                found.add(new Division(from, start, start - from));
                from = start;
            }
        }
        found.add(new Division(from, file.bytes(), file.bytes() - from));
        return found.size() == 1 ? whole(file) : found;
    }

    private static List<Division> rowGroups(SourceFile file, long wanted) {
        List<ParquetTable.RowGroup> groups;
        try {
            groups = ParquetTable.rowGroups(file.location());
        } catch (IOException _) {
            // Half a file; whoever opens it says so.
            return whole(file);
        }
        long rows = groups.stream().mapToLong(ParquetTable.RowGroup::rows).sum();
        List<Division> found = new ArrayList<>();
        long from = 0;
        long to = 0;
        long bytes = 0;
        for (ParquetTable.RowGroup group : groups) {
            if (bytes > 0 && bytes + group.bytes() > wanted) {
                found.add(rows(file, from, to, rows));
                from = to;
                bytes = 0;
            }
            to += group.rows();
            bytes += group.bytes();
        }
        found.add(rows(file, from, to, rows));
        return found;
    }

    private static Division rows(SourceFile file, long from, long to, long all) {
        double share = all == 0 ? 0 : (double) file.bytes() / all;
        return new Division(from, to, (long) (share * to) - (long) (share * from));
    }

    /**
     * Opens a part. Files of it that are read whole are compared with their digests.
     *
     * @param part to read
     * @param bytes that it stands for
     */
    public RecordCursor open(ReadPart part, long bytes) {
        boolean parquet = FileNaming.of(part.files().getFirst().path()).parquet();
        if (parquet) {
            RecordCursor rows = new ParquetCursor(part, columns, licence, limits, memory, bytes);
            return shape == SourceShape.PIECES
                    ? new PackedCursor(rows, " ", packedCharacters)
                    : rows;
        }
        RecordCursor files = new FileCursor(part, format(part), shape::wantsInside, limits);
        return switch (shape) {
            case PIECES -> new PackedCursor(files, " ", packedCharacters);
            case LINES_OR_ROWS -> new PackedCursor(files, "\n", packedCharacters);
            case TEXT_FILES, NAMED_TEXT_FILES, JSON_LINES, WIKIPEDIA, ROWS -> files;
        };
    }

    private RecordFormat format(ReadPart part) {
        return switch (shape) {
            case TEXT_FILES -> new WholeText(false, plain(part));
            case NAMED_TEXT_FILES -> new WholeText(true, plain(part));
            case PIECES, LINES_OR_ROWS -> new LineTexts();
            case JSON_LINES -> new JsonLines(columns);
            case WIKIPEDIA -> new WikiPages(until(part));
            case ROWS -> throw new IllegalStateException("rows are not read as text");
        };
    }

    /** Digests of files that are texts as they are. */
    private static Map<String, String> plain(ReadPart part) {
        Map<String, String> digests = new HashMap<>();
        for (int i = 0; i < part.files().size(); i++) {
            String path = part.files().get(i).path();
            if (!FileNaming.of(path).packed() && part.whole()) {
                digests.put(path, part.digests().get(i));
            }
        }
        return digests;
    }

    /** Parts of packed dumps end where a stream does, others where pages begin no more. */
    private static long until(ReadPart part) {
        boolean packed = FileNaming.of(part.files().getFirst().path()).packed();
        return packed || part.to() < 0 ? Long.MAX_VALUE : part.to() - part.from();
    }
}
