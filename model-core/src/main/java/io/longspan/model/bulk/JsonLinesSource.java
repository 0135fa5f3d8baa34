package io.longspan.model.bulk;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.bulk.BulkRecord.Document;
import io.longspan.model.bulk.BulkRecord.Unusable;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON lines as they are read. Positions are numbers of lines. */
final class JsonLinesSource implements BulkSource {
    /** Bytes of the longest line; a text of 2^25 characters fits, written with escapes or not. */
    private static final int LONGEST_LINE = 1 << 28;

    private static final int BLOCK = 1 << 16;
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(LONGEST_LINE)
                                                    .build())
                                    .build())
                    .build();

    private final Path file;
    private final String textField;
    private final String idField;
    private final Counted counted;
    private final InputStream unpacked;
    private final LineInput lines;
    private long line;

    private JsonLinesSource(
            Path file, String textField, String idField, Counted counted, InputStream unpacked) {
        this.file = file;
        this.textField = textField;
        this.idField = idField;
        this.counted = counted;
        this.unpacked = unpacked;
        lines = new LineInput(unpacked, LONGEST_LINE);
    }

    /** How many bytes of the file were read. */
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int found = in.read();
            count += found < 0 ? 0 : 1;
            return found;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int found = in.read(into, offset, length);
            count += Math.max(0, found);
            return found;
        }
    }

    static JsonLinesSource open(
            Path file, InputStream stream, String textField, String idField, long position)
            throws IOException {
        Counted counted = new Counted(stream);
        JsonLinesSource opened = null;
        try {
            BufferedInputStream in = new BufferedInputStream(counted, BLOCK);
            in.mark(2);
            boolean packed = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            opened =
                    new JsonLinesSource(
                            file,
                            textField,
                            idField,
                            counted,
                            packed ? new GZIPInputStream(in, BLOCK) : in);
            while (opened.line < position && opened.lines.next()) {
                opened.line++;
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public @Nullable BulkRecord next() {
        try {
            while (lines.next()) {
                line++;
                String place = file + ":" + line;
                if (lines.tooLong()) {
                    return new Unusable(
                            place, "the line is longer than " + LONGEST_LINE + " bytes");
                }
                String text =
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(lines.bytes()))
                                .toString();
                // A byte order mark is no part of the first line.
                String row = line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
                if (!row.isBlank()) {
                    return read(place, row);
                }
            }
            return null;
        } catch (CharacterCodingException _) {
            return new Unusable(file + ":" + line, "the line is not UTF-8");
        } catch (IOException e) {
            throw new ModelInputException(
                    "'"
                            + file
                            + "' cannot be read after line "
                            + line
                            + " ("
                            + Quoted.plain(String.valueOf(e.getMessage()))
                            + "); check that it is whole",
                    e);
        }
    }

    private BulkRecord read(String place, String row) {
        JsonNode json;
        try {
            json = MAPPER.readTree(row);
        } catch (JacksonException e) {
            return new Unusable(place, "no JSON: " + Quoted.plain(e.getOriginalMessage()));
        }
        if (!json.isObject()) {
            return new Unusable(place, "no JSON object");
        }
        JsonNode text = json.path(textField);
        if (!text.isString()) {
            return new Unusable(
                    place,
                    "member "
                            + Quoted.of(textField)
                            + (json.has(textField) ? " is no text" : " is missing"));
        }
        JsonNode id = json.path(idField);
        return new Document(
                place,
                id.isString() || id.isNumber() ? id.asString() : Long.toString(line),
                text.asString());
    }

    @Override
    public long position() {
        return line;
    }

    @Override
    public long done() {
        return counted.count;
    }

    @Override
    public void close() {
        try {
            unpacked.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(InputFiles.unreadable(file, e).getMessage(), e);
        }
    }
}
