package io.longspan.ingest.rule;

import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.wiki.WikiText;
import java.text.Normalizer.Form;

/**
 * Brings the text of a document into its final form, apart from what rules take out of it.
 *
 * @param boilerplate of the source
 * @param standard whether byte order marks, carriage returns and boilerplate go; all stays
 *     otherwise
 * @param nfc whether Unicode is composed
 */
public record Normalizer(Boilerplate boilerplate, boolean standard, boolean nfc) {
    private static final String MARK = "\uFEFF";

    /**
     * The document with its text in the final form, and with what its boilerplate said about it.
     */
    Document normalized(Document document) {
        String raw = document.text();
        String lines = lineFeeds(raw.startsWith(MARK) ? raw.substring(1) : raw);
        Document named = document;
        String body = lines;
        if (boilerplate == Boilerplate.GUTENBERG || boilerplate == Boilerplate.SMASHWORDS) {
            Gutenberg book = Gutenberg.of(lines);
            body = book.body();
            named = book.found() ? withHeader(document, book) : document;
        }
        String text = standard ? clean(named, body) : raw;
        return named.withText(nfc ? java.text.Normalizer.normalize(text, Form.NFC) : text);
    }

    private String clean(Document document, String body) {
        return switch (boilerplate) {
            case NONE -> body;
            case GUTENBERG -> trimmed(body);
            case SMASHWORDS -> trimmed(Smashwords.without(body));
            case WIKITEXT -> document.path().endsWith(".parquet") ? body : WikiText.plain(body);
            case TREEBANK -> Treebank.joined(body);
        };
    }

    private static Document withHeader(Document document, Gutenberg book) {
        return new Document(
                document.id(),
                document.path(),
                document.key(),
                document.text(),
                book.title().isEmpty() ? document.title() : book.title(),
                book.number().isEmpty()
                        ? document.url()
                        : "https://www.gutenberg.org/ebooks/" + book.number(),
                "public domain in the USA",
                document.split(),
                document.bytes());
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
