package io.longspan.ingest.source;

import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import io.longspan.ingest.source.Unpacker.Unpacked;
import io.longspan.ingest.wiki.WikiPage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.commons.io.input.ReaderInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A dump of Wikipedia: its articles are documents, with their markup.
 *
 * @param until byte, counted from where a part begins, from which on pages are the next part's
 */
record WikiPages(long until) implements RecordFormat {
    private static final String LICENCE = "CC BY-SA 4.0";

    /** The language stands in the dump's name: {@code enwiki-20231101-pages-articles...}. */
    private static final Pattern LANGUAGE = Pattern.compile("(?:^|/)([a-z_]{2,20})wiki-[^/]*$");

    @Override
    public Records open(Unpacked file, long base, ReadLimits limits) {
        return new Pages(file, base, until, limits);
    }

    /** The pages of one file. */
    private static final class Pages implements Records {
        private final Unpacked file;
        private final long base;
        private final long until;
        private final ReadLimits limits;
        private final XMLInputFactory factory = WikiPage.factory();
        private final String site;
        private @Nullable PageScanner scanner;

        Pages(Unpacked file, long base, long until, ReadLimits limits) {
            this.file = file;
            this.base = base;
            this.until = until;
            this.limits = limits;
            Matcher language = LANGUAGE.matcher(file.path());
            site =
                    language.find()
                            ? "https://"
                                    + language.group(1).replace('_', '-')
                                    + ".wikipedia.org/wiki/"
                            : "";
        }

        @Override
        public @Nullable SourceRecord next() throws IOException {
            PageScanner pages = scanner;
            if (pages == null) {
                pages =
                        new PageScanner(
                                utf8(file.content()), file.path(), limits.longestRow(), until);
                scanner = pages;
            }
            if (!pages.next()) {
                return null;
            }
            long at = pages.start();
            String place = file.path() + "@" + place(at);
            if (pages.tooLong()) {
                return unusable(place, at, DropReason.TOO_LARGE, "");
            }
            Optional<String> xml = TextDecoder.strictly(pages.bytes(), StandardCharsets.UTF_8);
            return xml.map(text -> page(text, place, at))
                    .orElseGet(() -> unusable(place, at, DropReason.UNDECODABLE, "no UTF-8"));
        }

        /** Where a page is found again: by the stream that it is in, and its place in that. */
        private String place(long at) {
            return FileNaming.of(file.path()).packed() ? base + "+" + at : "0+" + (base + at);
        }

        private SourceRecord page(String xml, String place, long at) {
            WikiPage page;
            try {
                XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
                try {
                    page = WikiPage.read(reader);
                } finally {
                    reader.close();
                }
            } catch (XMLStreamException e) {
                String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                return unusable(place, at, DropReason.CORRUPT, message);
            }
            String id = page.id().isEmpty() ? place : file.path() + "#" + page.id();
            if (!page.article()) {
                return unusable(id, at, DropReason.NAMESPACE, page.title());
            }
            if (page.redirect()) {
                return unusable(id, at, DropReason.REDIRECT, page.title());
            }
            if (page.disambiguation()) {
                return unusable(id, at, DropReason.DISAMBIGUATION, page.title());
            }
            return new Document(
                    id,
                    file.path(),
                    page.id().isEmpty() ? id : page.id(),
                    page.text(),
                    page.title(),
                    site.isEmpty() ? "" : site + address(page.title()),
                    LICENCE,
                    "");
        }

        private Unusable unusable(String id, long at, DropReason reason, String detail) {
            return new Unusable(id, file.path(), base + at, reason, detail);
        }
    }

    private static String address(String title) {
        return URLEncoder.encode(title.replace(' ', '_'), StandardCharsets.UTF_8)
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%28", "(")
                .replace("%29", ")")
                .replace("%2C", ",")
                .replace("%27", "'");
    }

    /** Real dumps are UTF-8; what a byte order mark says is another encoding is recoded. */
    private static InputStream utf8(InputStream content) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(content, 1 << 16);
        buffered.mark(4);
        byte[] head = buffered.readNBytes(4);
        buffered.reset();
        Charset marked = TextDecoder.marked(head).orElse(StandardCharsets.UTF_8);
        if (marked.equals(StandardCharsets.UTF_8)) {
            return buffered;
        }
        return ReaderInputStream.builder()
                .setReader(
                        new InputStreamReader(
                                buffered,
                                marked.newDecoder()
                                        .onMalformedInput(CodingErrorAction.REPORT)
                                        .onUnmappableCharacter(CodingErrorAction.REPORT)))
                .setCharset(StandardCharsets.UTF_8)
                .get();
    }
}
