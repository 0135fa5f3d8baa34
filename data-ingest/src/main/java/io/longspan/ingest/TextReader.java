package io.longspan.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Text files, each a document; of books it knows what Project Gutenberg puts around them. */
record TextReader(boolean books) implements CorpusReader {
    private static final String MARK = "\uFEFF";

    @Override
    public List<SourceFile> list(List<Path> sources) throws IOException {
        return TextFiles.list(sources);
    }

    @Override
    public Reading read(SourceFile file, byte[] content, Normalization normalization) {
        Optional<String> decoded = TextDecoder.decode(content);
        if (decoded.isEmpty()) {
            return new Reading.Dropped(DropReason.UNDECODABLE);
        }
        String raw = decoded.get();
        String lines = lineFeeds(raw.startsWith(MARK) ? raw.substring(1) : raw);
        Gutenberg book = books ? Gutenberg.of(lines) : new Gutenberg("", "", false, lines);
        String text =
                switch (normalization) {
                    case NONE -> raw;
                    case STANDARD -> books ? trimmed(book.body()) : lines;
                };
        if (text.isBlank() || text.equals(MARK)) {
            return new Reading.Dropped(DropReason.EMPTY);
        }
        return new Reading.Text(
                text,
                book.title(),
                book.number().isEmpty() ? "" : "https://www.gutenberg.org/ebooks/" + book.number(),
                book.found() ? "public domain in the USA" : "");
    }

    private static String lineFeeds(String text) {
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** Without blank lines at the ends, and with one line feed at the last. */
    private static String trimmed(String text) {
        String end = text.stripTrailing();
        int start = 0;
        for (int i = 0; i < end.length() && Character.isWhitespace(end.charAt(i)); i++) {
            if (end.charAt(i) == '\n') {
                start = i + 1;
            }
        }
        return end.isEmpty() ? "" : end.substring(start) + "\n";
    }
}
