package io.longspan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.rule.Pipeline.Prepared;
import io.longspan.ingest.source.SourceRecord.Bytes;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextReaderTest {
    @TempDir private Path folder;

    /** What becomes of a file: a document, or why there is none. */
    private Object read(Corpus corpus, byte[] content, Normalization how) throws IOException {
        IngestSettings settings = IngestSettings.STANDARD.with(how);
        Path file = Files.write(folder.resolve("a.txt"), content);
        return switch (Records.of(corpus, settings, file).getFirst()) {
            case Unusable unusable -> unusable.reason();
            case Document document ->
                    switch (corpus.pipeline(settings).prepare(document)) {
                        case Prepared.Dropped(DropReason reason) -> reason;
                        case Prepared.Text(Document found) -> found;
                    };
        };
    }

    private String text(Corpus corpus, String content, Normalization how) throws IOException {
        return ((Document) read(corpus, content.getBytes(StandardCharsets.UTF_8), how)).text();
    }

    @ParameterizedTest
    @CsvSource({
        "0, The Yellow Wallpaper, 1952, It is very seldom, bold as brass",
        "1, A Modest Proposal, 1080, It is a melancholy object, past child-bearing",
        "2, Alice’s Adventures in Wonderland, 11, Lewis Carroll, happy summer",
    })
    void ofABookOnlyTheBookIsLeft(int number, String title, String id, String early, String late)
            throws IOException {
        byte[] content = Files.readAllBytes(Scratch.book(number));
        Document book = (Document) read(Corpus.BOOKS, content, Normalization.STANDARD);
        assertThat(book.title()).startsWith(title);
        assertThat(book.url()).isEqualTo("https://www.gutenberg.org/ebooks/" + id);
        assertThat(book.licence()).isEqualTo("public domain in the USA");
        assertThat(book.text())
                .doesNotContainIgnoringCase("gutenberg")
                .doesNotContainIgnoringCase("produced by")
                .doesNotContain("\r", "\uFEFF")
                .doesNotStartWith("\n")
                .endsWith("\n")
                .doesNotEndWith("\n\n");
        assertThat(book.text().substring(0, 1500)).contains(early);
        assertThat(book.text().length()).isGreaterThan(content.length / 3);
        assertThat(new String(content, StandardCharsets.UTF_8)).contains(early);
    }

    @Test
    void aBookWithoutHeaderIsTakenAsItIs() throws IOException {
        assertThat(text(Corpus.BOOKS, "\n  \n  Chapter 1\r\n\r\nText. ", Normalization.STANDARD))
                .isEqualTo("  Chapter 1\n\nText.\n");
        Document book =
                (Document)
                        read(
                                Corpus.BOOKS,
                                "plain".getBytes(StandardCharsets.UTF_8),
                                Normalization.STANDARD);
        assertThat(book.licence()).isEmpty();
        assertThat(book.title()).isEmpty();
    }

    @Test
    void headersOfEveryAgeAreKnown() throws IOException {
        assertThat(
                        text(
                                Corpus.BOOKS,
                                """
                                Title: X
                                *** START OF THE PROJECT GUTENBERG EBOOK A LONG
                                TITLE ***
                                Produced by A
                                and B

                                Body
                                   *** END OF THE PROJECT GUTENBERG EBOOK X ***
                                rest\
                                """,
                                Normalization.STANDARD))
                .isEqualTo("Body\n");
        assertThat(
                        text(
                                Corpus.BOOKS,
                                """
                                x
                                *END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*
                                Body

                                End of Project Gutenberg Etext of X
                                """,
                                Normalization.STANDARD))
                .isEqualTo("Body\n");
    }

    @Test
    void textKeepsItsBlankLinesAndLosesMarkAndCarriageReturns() throws IOException {
        assertThat(text(Corpus.TEXT, "\uFEFF\r\na\rb\n\n", Normalization.STANDARD))
                .isEqualTo("\na\nb\n\n");
        assertThat(text(Corpus.TEXT, "\uFEFF\r\na\rb\n\n", Normalization.NONE))
                .isEqualTo("\uFEFF\r\na\rb\n\n");
        assertThat(text(Corpus.BOOKS, "\uFEFFx\r\n\r\n", Normalization.NONE))
                .isEqualTo("\uFEFFx\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
    void aByteOrderMarkNamesTheEncoding(String charset) throws IOException {
        byte[] content = "\uFEFFna\u00efve \uD83D\uDE00\r\n".getBytes(Charset.forName(charset));
        assertThat(read(Corpus.TEXT, content, Normalization.STANDARD))
                .isEqualTo(
                        new Document(
                                "a.txt",
                                "a.txt",
                                "a.txt",
                                "na\u00efve \uD83D\uDE00\n",
                                "",
                                "",
                                "",
                                ""));
    }

    /** The planned digest of a file stands for that of its text only where both are the same. */
    @ParameterizedTest
    @CsvSource({
        "UTF-8, 'na\u00efve \uD83D\uDE00 text\n', true",
        "UTF-8, 'lines\r\n', false",
        "UTF-8, '\uFEFFmark', false",
        "UTF-16LE, '\uFEFFmark', false",
    })
    void aTextThatStandsInItsFileHasTheDigestOfTheFile(String charset, String text, boolean known)
            throws IOException {
        for (Normalization how : Normalization.values()) {
            Object found = read(Corpus.TEXT, text.getBytes(Charset.forName(charset)), how);
            Document document = (Document) found;
            boolean same = known || (how == Normalization.NONE && charset.equals("UTF-8"));
            assertThat(document.bytes().isPresent()).isEqualTo(same);
            document.bytes()
                    .ifPresent(bytes -> assertThat(bytes).isEqualTo(Bytes.of(document.text())));
        }
    }

    @Test
    void whatCannotBeDecodedIsDropped() throws IOException {
        byte[][] wrong = {
            {'a', (byte) 0xFF, 'b'},
            {(byte) 0xC3},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xFF, (byte) 0xFE, 0x00, (byte) 0xD8},
            {(byte) 0xFF, (byte) 0xFE, 'a'},
            {(byte) 0xFF, (byte) 0xFE, 0, 0, 'a', 0, 0, 0},
            "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1),
        };
        for (byte[] content : wrong) {
            for (Normalization how : Normalization.values()) {
                assertThat(read(Corpus.TEXT, content, how)).isEqualTo(DropReason.UNDECODABLE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t", "\uFEFF", "\uFEFF\r\n"})
    void whatIsBlankIsDropped(String content) throws IOException {
        for (Normalization how : Normalization.values()) {
            if (how == Normalization.NONE && content.length() > 1 && content.startsWith("\uFEFF")) {
                continue;
            }
            assertThat(read(Corpus.TEXT, content.getBytes(StandardCharsets.UTF_8), how))
                    .isEqualTo(DropReason.EMPTY);
        }
    }

    @Test
    void aBookThatIsOnlyAHeaderIsDropped() throws IOException {
        String content =
                """
                *** START OF THE PROJECT GUTENBERG EBOOK X ***

                *** END OF THE PROJECT GUTENBERG EBOOK X ***
                """;
        assertThat(
                        read(
                                Corpus.BOOKS,
                                content.getBytes(StandardCharsets.UTF_8),
                                Normalization.STANDARD))
                .isEqualTo(DropReason.EMPTY);
    }
}
