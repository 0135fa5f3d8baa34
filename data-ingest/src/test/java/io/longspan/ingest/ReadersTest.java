package io.longspan.ingest;

import static io.longspan.ingest.Packs.packed;
import static io.longspan.ingest.Packs.page;
import static io.longspan.ingest.Packs.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.longspan.corpus.CorpusException;
import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.rule.IngestRules;
import io.longspan.ingest.rule.RuleKey;
import io.longspan.ingest.source.SourceRecord;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadersTest {
    private static final String ROWS =
            """
            {"text": "One.", "title": "A", "url": "https://a.example/1", "split": "train", "authors": ["x"]}

            {"text": "Two.", "url": null, "warc_date": 20190301, "split": "val"}
            {"summary": "no text"}
            {"text": 7}
            """;

    @TempDir private Path folder;

    private static List<SourceRecord> read(Corpus corpus, Path source) throws Exception {
        return Records.of(corpus, IngestSettings.STANDARD, source);
    }

    private static List<String> texts(List<SourceRecord> records) {
        return Records.documents(records).stream().map(Document::text).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz", ".bz2", ".zst"})
    void rowsOfJsonAreReadLenientlyWhateverTheyArePackedWith(String end) throws Exception {
        Path file = Packs.write(folder.resolve("news.jsonl" + end), packed(end, utf8(ROWS)));
        List<SourceRecord> found = read(Corpus.REALNEWS, file);
        String path = "news.jsonl" + end;
        int second = ROWS.indexOf("{\"text\": \"Two");
        assertThat(Records.documents(found))
                .containsExactly(
                        new Document(
                                path + "@0",
                                path,
                                "https://a.example/1",
                                "One.",
                                "A",
                                "https://a.example/1",
                                "",
                                "train"),
                        new Document(
                                path + "@" + second,
                                path,
                                path + "@" + second,
                                "Two.",
                                "",
                                "",
                                "",
                                "val"));
        assertThat(Records.unusable(found))
                .extracting(Unusable::reason, Unusable::detail)
                .containsExactly(
                        tuple(DropReason.NO_TEXT, "'text' is missing"),
                        tuple(DropReason.NO_TEXT, "'text' is no text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".gz", ".bz2", ".zst"})
    void filesOfAnArchiveAreReadAndWhatIsNoneIsPassedOver(String end) throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("books1/epubtxt/a.epub.txt", utf8("Book A"));
        entries.put("books1/2020-epub_urls.txt", utf8("https://example.org"));
        entries.put("books1/cover.jpg", new byte[] {1, 2});
        entries.put("books1/more.tar.gz", new byte[] {3});
        entries.put("books1/epubtxt/b.epub.txt", utf8("Book B"));
        Path file =
                Packs.write(folder.resolve("books1.tar" + end), packed(end, Packs.tar(entries)));
        List<SourceRecord> found = read(Corpus.BOOKCORPUSOPEN, file);
        assertThat(texts(found)).containsExactly("Book A", "Book B");
        assertThat(Records.documents(found))
                .extracting(Document::key)
                .containsExactly("a.epub.txt", "b.epub.txt");
        assertThat(Records.unusable(found))
                .extracting(Unusable::reason)
                .containsExactly(DropReason.NESTED_ARCHIVE);
    }

    @Test
    void rowsInAnArchiveAreRealNews() throws Exception {
        byte[] tar = Packs.tar(Map.of("realnews/realnews.jsonl", utf8(ROWS)));
        Path file = Packs.write(folder.resolve("realnews.tar.gz"), packed(".gz", tar));
        assertThat(texts(read(Corpus.REALNEWS, file))).containsExactly("One.", "Two.");
    }

    @Test
    void aDividedFileGivesEachRowOnce() throws Exception {
        String rows =
                IntStream.range(0, 200)
                        .mapToObj(i -> "{\"text\":\"" + "x".repeat(i % 17) + i + "\"}\n")
                        .collect(Collectors.joining());
        Path file = Packs.write(folder.resolve("rows.jsonl"), utf8(rows));
        List<SourceRecord> whole = read(Corpus.JSONL, file);
        for (long wanted : new long[] {1, 7, 100, 1000}) {
            List<List<SourceRecord>> parts =
                    Records.divided(Corpus.JSONL, IngestSettings.STANDARD, file, wanted);
            assertThat(parts.size()).isGreaterThan(1);
            assertThat(parts.stream().flatMap(List::stream).toList()).isEqualTo(whole);
        }
    }

    @Test
    void sentencesBecomeDocumentsOfASize() throws Exception {
        Path file =
                Packs.write(
                        folder.resolve("books_large_p1.txt"),
                        utf8("one .\ntwo .\n\nthree .\nfour ."));
        IngestSettings settings =
                IngestSettings.STANDARD.with(
                        IngestRules.STANDARD.with(RuleKey.PACKED_CHARACTERS, "10"));
        List<SourceRecord> found = Records.of(Corpus.BOOKCORPUS, settings, file);
        assertThat(texts(found)).containsExactly("one . two .", "three . four .");
        assertThat(Records.documents(found).get(1).id()).isEqualTo("books_large_p1.txt@13");
        assertThat(texts(Records.of(Corpus.STORIES, settings, file)))
                .containsExactly("one .\ntwo .", "three .\nfour .");
    }

    @Test
    void rowsOfParquetAreReadByTheNamesOfTheirColumns() throws Exception {
        Path file = folder.resolve("a[1].parquet");
        Packs.parquet(
                file,
                "select 'T' || i as title, case when i = 3 then null else 'text ' || i end as text,"
                        + " i as id, i * 0.5 as weight from range(5000) t(i) order by i",
                2048);
        List<SourceRecord> found = read(Corpus.PARQUET, file);
        assertThat(found).hasSize(5000);
        assertThat(Records.documents(found).getLast())
                .isEqualTo(
                        new Document(
                                "a[1].parquet@4999",
                                "a[1].parquet",
                                "4999",
                                "text 4999",
                                "T4999",
                                "",
                                "",
                                ""));
        assertThat(Records.unusable(found))
                .extracting(Unusable::id, Unusable::reason)
                .containsExactly(tuple("a[1].parquet@3", DropReason.NO_TEXT));
        List<List<SourceRecord>> parts =
                Records.divided(Corpus.PARQUET, IngestSettings.STANDARD, file, 1);
        assertThat(parts).hasSize(3);
        assertThat(parts.stream().flatMap(List::stream).toList()).isEqualTo(found);

        IngestSettings other =
                IngestSettings.STANDARD.with(
                        IngestRules.STANDARD.with(RuleKey.TEXT_COLUMN, "body"));
        assertThatThrownBy(() -> Records.of(Corpus.PARQUET, other, file))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("has no column 'body' but [title, text, id, weight]");
    }

    private static String group(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> page(i, "Title " + i, "<ns>0</ns>", "Text ''" + i + "'' &lt;b&gt;"))
                .collect(Collectors.joining());
    }

    @Test
    void aDumpIsReadWholeInOneStreamOrManyAndInParts() throws Exception {
        String[] groups = {group(0, 100), group(100, 100), group(200, 30)};
        Path many =
                Packs.write(
                        folder.resolve("enwiki-x-multistream.xml.bz2"), Packs.multistream(groups));
        String xml = Packs.DUMP_START + String.join("", groups) + "</mediawiki>\n";
        Path one = Packs.write(folder.resolve("enwiki-x.xml.bz2"), packed(".bz2", utf8(xml)));
        List<SourceRecord> found = read(Corpus.WIKIPEDIA, many);
        assertThat(found).hasSize(230);
        assertThat(texts(read(Corpus.WIKIPEDIA, one))).isEqualTo(texts(found));
        Document last = Records.documents(found).getLast();
        assertThat(last.key()).isEqualTo("229");
        assertThat(last.url()).isEqualTo("https://en.wikipedia.org/wiki/Title_229");
        assertThat(last.text()).isEqualTo("Text ''229'' <b>");
        List<List<SourceRecord>> parts =
                Records.divided(Corpus.WIKIPEDIA, IngestSettings.STANDARD, many, 4);
        assertThat(parts).hasSize(4);
        assertThat(parts.stream().flatMap(List::stream).toList()).isEqualTo(found);
        assertThat(Records.divided(Corpus.WIKIPEDIA, IngestSettings.STANDARD, one, 4)).hasSize(1);
    }

    /** Parts of every size, so that their borders fall on every byte of the marks around pages. */
    @Test
    void aPlainDumpInPartsOfAnySizeHasTheSamePages() throws Exception {
        String xml =
                "\uFEFF"
                        + Packs.DUMP_START
                        + group(0, 12)
                        + page(50, "Б", "<ns>0</ns>", "Б&lt;page&gt; &lt;nowiki/&gt;")
                        + page(51, "Broken", "<ns>0</ns>", "&oops;")
                        + group(60, 8)
                        + "</mediawiki>\n";
        Path file = Packs.write(folder.resolve("enwiki-x.xml"), utf8(xml));
        List<SourceRecord> found = read(Corpus.WIKIPEDIA, file);
        assertThat(found).hasSize(22);
        int largest = 0;
        for (int wanted = 90; wanted < 2000; wanted += 7) {
            List<List<SourceRecord>> parts =
                    Records.divided(Corpus.WIKIPEDIA, IngestSettings.STANDARD, file, wanted);
            largest = Math.max(largest, parts.size());
            assertThat(parts.stream().flatMap(List::stream).toList())
                    .as("parts of %d bytes", wanted)
                    .isEqualTo(found);
        }
        assertThat(largest).isGreaterThan(50);
        Path recoded =
                Packs.write(
                        folder.resolve("enwiki-y.xml"), xml.getBytes(StandardCharsets.UTF_16LE));
        assertThat(Records.divided(Corpus.WIKIPEDIA, IngestSettings.STANDARD, recoded, 500))
                .singleElement()
                .satisfies(part -> assertThat(part).hasSize(22));
    }

    /** As parallel packers do it. */
    @Test
    void streamsThatBeginInsideAPageDivideNothing() throws Exception {
        byte[] xml = utf8(Packs.DUMP_START + group(0, 60) + "</mediawiki>\n");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int i = 0; i < xml.length; i += 1500) {
            packed.write(
                    packed(".bz2", Arrays.copyOfRange(xml, i, Math.min(xml.length, i + 1500))));
        }
        Path file = Packs.write(folder.resolve("enwiki-p.xml.bz2"), packed.toByteArray());
        List<List<SourceRecord>> parts =
                Records.divided(Corpus.WIKIPEDIA, IngestSettings.STANDARD, file, 4);
        assertThat(parts.stream().flatMap(List::stream).toList())
                .hasSize(60)
                .allMatch(Document.class::isInstance);
    }

    @Test
    void onlyArticlesOfADumpAreDocuments() throws Exception {
        String xml =
                Packs.DUMP_START
                        + page(1, "A", "<ns>0</ns>", "text")
                        + page(2, "Talk:A", "<ns>1</ns>", "text")
                        + page(3, "B", "<ns>0</ns><redirect title=\"A\" />", "#REDIRECT [[A]]")
                        + page(4, "C", "<ns>0</ns>", " #redirect [[A]]")
                        + page(5, "D", "<ns>0</ns>", "It may be: {{Geodis}}")
                        + page(6, "E (disambiguation)", "<ns>0</ns>", "It may be")
                        + page(7, "F", "<ns>0</ns>", "{{disambiguation needed}} &amp; #redirect")
                        + page(8, "G", "<ns>0</ns>", "&oops;")
                        + "</mediawiki>";
        List<SourceRecord> found =
                read(Corpus.WIKIPEDIA, Packs.write(folder.resolve("d.xml"), utf8(xml)));
        assertThat(Records.documents(found)).extracting(Document::key).containsExactly("1", "7");
        assertThat(Records.unusable(found))
                .extracting(Unusable::reason)
                .containsExactly(
                        DropReason.NAMESPACE,
                        DropReason.REDIRECT,
                        DropReason.REDIRECT,
                        DropReason.DISAMBIGUATION,
                        DropReason.DISAMBIGUATION,
                        DropReason.CORRUPT);
    }

    @Test
    void aDumpInUtf16AndOnePageBeyondTheLimitsOfTheJdkAreRead() throws Exception {
        String text = "&lt;".repeat(300_000);
        String xml = "\uFEFF" + Packs.DUMP_START + page(1, "\u0411", "<ns>0</ns>", text);
        Path file =
                Packs.write(
                        folder.resolve("bgwiki-x.xml"), xml.getBytes(StandardCharsets.UTF_16LE));
        Document found = Records.documents(read(Corpus.WIKIPEDIA, file)).getFirst();
        assertThat(found.title()).isEqualTo("\u0411");
        assertThat(found.text()).hasSize(300_000);
        assertThat(found.url()).isEqualTo("https://bg.wikipedia.org/wiki/%D0%91");
    }

    @Test
    void damageCostsWhatIsDamagedAndIsNamedWithItsPlace() throws Exception {
        byte[] rows =
                utf8("{\"text\":\"a\"}\n{\"text\":\n{\"text\":\"b\u00e9\"}\n{\"text\":\"c\"}\n");
        rows[new String(rows, StandardCharsets.ISO_8859_1).indexOf('b') + 1] = (byte) 0xFF;
        List<SourceRecord> found = read(Corpus.JSONL, Packs.write(folder.resolve("a.jsonl"), rows));
        assertThat(texts(found)).containsExactly("a", "c");
        assertThat(Records.unusable(found))
                .extracting(Unusable::reason, Unusable::offset)
                .containsExactly(
                        tuple(DropReason.CORRUPT, 13L), tuple(DropReason.UNDECODABLE, 22L));

        String many = "{\"text\":\"" + "ab cd ef ".repeat(9) + "\"}\n";
        byte[] text =
                utf8(
                        IntStream.range(0, 3000)
                                .mapToObj(i -> i % 2 == 0 ? many : many.replace("ab", "x" + i))
                                .collect(Collectors.joining()));
        for (String end : List.of(".gz", ".bz2", ".zst")) {
            byte[] whole = packed(end, text);
            Path half =
                    Packs.write(
                            folder.resolve("half.jsonl" + end),
                            Arrays.copyOf(whole, whole.length * 2 / 3));
            List<SourceRecord> left = read(Corpus.JSONL, half);
            assertThat(left.getLast()).as(end).isInstanceOf(Unusable.class);
            assertThat(((Unusable) left.getLast()).reason()).isEqualTo(DropReason.CORRUPT);
            if (!end.equals(".zst")) {
                assertThat(Records.documents(left)).as(end).hasSizeBetween(100, 2999);
            }
        }
        Path parquet = folder.resolve("half.parquet");
        Packs.parquet(parquet, "select 'a' as text from range(100)", 2048);
        Files.write(parquet, Arrays.copyOf(Files.readAllBytes(parquet), 60));
        assertThat(read(Corpus.PARQUET, parquet))
                .singleElement()
                .matches(record -> ((Unusable) record).reason() == DropReason.CORRUPT);
        List<SourceRecord> dump =
                read(
                        Corpus.WIKIPEDIA,
                        Packs.write(
                                folder.resolve("cut.xml"),
                                utf8(Packs.DUMP_START + group(0, 2) + "<page><title>")));
        assertThat(Records.documents(dump)).hasSize(2);
        assertThat(((Unusable) dump.getLast()).detail()).contains("ends inside a page");
    }

    @Test
    void whatUnpacksBeyondAllProportionIsRefused() throws Exception {
        for (String end : List.of(".gz", ".bz2", ".zst")) {
            Path bomb =
                    Packs.write(folder.resolve("bomb.txt" + end), packed(end, new byte[24 << 20]));
            assertThatThrownBy(() -> read(Corpus.TEXT, bomb))
                    .as(end)
                    .isInstanceOf(CorpusException.class)
                    .hasMessageContaining("over 200 times as much, as text never does");
        }
        Path entities =
                Packs.write(
                        folder.resolve("e.xml"),
                        utf8("<!DOCTYPE m [<!ENTITY a \"aaaa\">]>\n" + Packs.DUMP_START));
        assertThatThrownBy(() -> read(Corpus.WIKIPEDIA, entities))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("declares a document type");
        Path deep =
                Packs.write(
                        folder.resolve("deep.jsonl"),
                        utf8("{\"text\":\"a\",\"b\":" + "[".repeat(70)));
        assertThat(((Unusable) read(Corpus.JSONL, deep).getFirst()).detail()).contains("depth");
    }

    @Test
    void anEncodingMayBeNamedForWhatIsNotUtf8() throws Exception {
        Path file =
                Packs.write(
                        folder.resolve("l.txt"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        IngestSettings settings =
                IngestSettings.STANDARD.with(
                        IngestRules.STANDARD.with(RuleKey.ENCODING, "windows-1252"));
        assertThat(texts(Records.of(Corpus.TEXT, settings, file))).containsExactly("caf\u00e9");
        assertThat(new ArrayList<>(read(Corpus.TEXT, file)))
                .allMatch(record -> ((Unusable) record).reason() == DropReason.UNDECODABLE);
    }
}
