package io.longspan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DataSet;
import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.Manifest;
import io.longspan.corpus.Statistics;
import io.longspan.ingest.IngestOutcome.Complete;
import io.longspan.ingest.IngestOutcome.Stopped;
import io.longspan.ingest.rule.IngestRules;
import io.longspan.ingest.rule.RuleKey;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole ingests of files that hold many documents. */
final class CorporaTest {
    @TempDir private static Path database;
    @TempDir private Path folder;

    private static Store store;
    private static Ingest ingest;

    @BeforeAll
    static void open() {
        store = Store.open(new StoreSettings.Embedded(database.resolve("postgres")));
        ingest = Ingest.open(store);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private Manifest complete(IngestRequest request) {
        IngestOutcome outcome = ingest.run(request, IngestProgress.none(), () -> false);
        assertThat(outcome).isInstanceOf(Complete.class);
        Manifest manifest = ((Complete) outcome).manifest();
        assertThat(DataSet.validate(request.out()).problems()).isEmpty();
        assertThat(request.out().resolve(".ingest")).doesNotExist();
        return manifest;
    }

    private static List<DocumentInfo> provenance(Path out, Manifest manifest) {
        List<DocumentInfo> found = new ArrayList<>();
        manifest.shards().forEach(shard -> found.addAll(DataSet.provenance(out, shard.name())));
        return found;
    }

    /** Three files, packed and not, with texts that repeat within and across them. */
    private Path news(long seed) throws Exception {
        Random random = new Random(seed);
        Path source = folder.resolve("source");
        String[] ends = {"", ".gz", ".zst"};
        for (int f = 0; f < 3; f++) {
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 120; i++) {
                int text = random.nextInt(150);
                rows.append(
                        "{\"url\":\"https://n.example/%d/%d\",\"text\":\"%s\",\"split\":\"%s\"}\n"
                                .formatted(
                                        f,
                                        i,
                                        ("Story " + text + " goes on. ").repeat(1 + text % 7),
                                        i % 20 == 0 ? "val" : "train"));
                if (i % 40 == 5) {
                    rows.append("{broken\n");
                }
            }
            Packs.write(
                    source.resolve("news-" + f + ".jsonl" + ends[f]),
                    Packs.packed(ends[f], Packs.utf8(rows.toString())));
        }
        return source;
    }

    private IngestRequest request(Corpus corpus, Path source, String out, IngestRules rules) {
        return Scratch.request(corpus, source, folder.resolve(out))
                .with(IngestSettings.STANDARD.withShardBytes(3_000).with(rules));
    }

    @Test
    void ofEqualTextsTheFirstStaysWhoeverReadsIt() throws Exception {
        Path source = news(Scratch.seed());
        IngestRules rules =
                IngestRules.STANDARD.with(RuleKey.UNIQUE, "yes").with(RuleKey.DROPPED, "keep");
        IngestRequest one = request(Corpus.REALNEWS, source, "one", rules).withWorkers(1);
        Manifest manifest = complete(one);
        complete(request(Corpus.REALNEWS, source, "three", rules).withWorkers(3));
        assertThat(Scratch.contents(folder.resolve("three")))
                .isEqualTo(Scratch.contents(folder.resolve("one")));

        // What a reader with a set in memory would keep.
        Set<String> seen = new HashSet<>();
        List<String> expected = new ArrayList<>();
        for (var document :
                Records.documents(Records.of(Corpus.REALNEWS, one.settings(), source))) {
            if (seen.add(document.text())) {
                expected.add(document.url());
            }
        }
        assertThat(provenance(one.out(), manifest))
                .extracting(DocumentInfo::url)
                .containsExactlyElementsOf(expected);
        assertThat(manifest.totals().dropped())
                .isEqualTo(Map.of("duplicate", 360L - expected.size(), "corrupt", 9L));
        assertThat(manifest.totals().read()).isEqualTo(369);

        long aside = 0;
        for (String name : Scratch.contents(one.out()).keySet()) {
            if (name.endsWith(".dropped.jsonl.gz")) {
                byte[] content = Files.readAllBytes(one.out().resolve(name));
                try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
                    aside +=
                            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                                    .lines()
                                    .filter(line -> line.contains("\"reason\":"))
                                    .count();
                }
            }
        }
        assertThat(aside).isEqualTo(manifest.totals().droppedInAll());
    }

    @Test
    void aStoppedLaneGoesOnBehindItsLastShard() throws Exception {
        Path source = news(3);
        IngestRules rules = IngestRules.STANDARD.with(RuleKey.UNIQUE, "yes");
        complete(request(Corpus.REALNEWS, source, "calm", rules));
        IngestRequest request = request(Corpus.REALNEWS, source, "out", rules).withWorkers(1);
        AtomicReference<IngestSnapshot> heard = new AtomicReference<>();
        int stops = 0;
        IngestOutcome outcome = null;
        while (!(outcome instanceof Complete)) {
            int least = heard.get() == null ? 1 : heard.get().shardsDone() + 2;
            outcome =
                    ingest.run(
                            request,
                            heard::set,
                            () -> heard.get() != null && heard.get().shardsDone() >= least);
            stops += outcome instanceof Stopped ? 1 : 0;
        }
        assertThat(stops).isGreaterThan(2);
        assertThat(Scratch.contents(request.out()))
                .isEqualTo(Scratch.contents(folder.resolve("calm")));
    }

    @Test
    void thePaperTakesAThirdOfTheLongNews() throws Exception {
        StringBuilder rows = new StringBuilder();
        // A letter with a space before it is a token.
        for (int i = 0; i < 60; i++) {
            int tokens = i % 2 == 0 ? 1200 : 1201;
            rows.append(
                    "{\"url\":\"https://n.example/%d\",\"text\":\"%s\"}\n"
                            .formatted(i, "a" + " a".repeat(tokens - 1)));
        }
        Path source = Packs.write(folder.resolve("realnews.jsonl"), Packs.utf8(rows.toString()));
        IngestRequest request =
                request(Corpus.REALNEWS, source, "out", Corpus.REALNEWS.profile("paper"));
        Manifest manifest = complete(request);
        Map<String, Long> dropped = manifest.totals().dropped();
        assertThat(dropped.keySet()).containsExactlyInAnyOrder("not-drawn", "too-short");
        assertThat(manifest.totals().written() + dropped.get("too-short")).isBetween(8L, 34L);
        assertThat(provenance(request.out(), manifest))
                .allMatch(info -> Integer.parseInt(info.url().substring(18)) % 2 == 1);
        assertThat(manifest.settings()).containsEntry("longer_than", "1200");
    }

    @Test
    void theReportAddsUpToTheDataSet() throws Exception {
        IngestRules rules = IngestRules.STANDARD.with(RuleKey.UNIQUE, "yes");
        IngestRequest request = request(Corpus.REALNEWS, news(11), "out", rules);
        Manifest manifest = complete(request);
        Statistics statistics = Statistics.of(request.out());
        List<Integer> lengths = new ArrayList<>();
        try (DataSet data = DataSet.open(request.out())) {
            for (long d = 0; d < data.documents(); d++) {
                lengths.add(data.length(d));
            }
        }
        Collections.sort(lengths);
        assertThat(statistics.lengths().shortest()).isEqualTo(lengths.getFirst().longValue());
        assertThat(statistics.lengths().longest()).isEqualTo(lengths.getLast().longValue());
        assertThat(statistics.lengths().median())
                .isEqualTo(lengths.get((lengths.size() - 1) / 2).longValue());
        for (Statistics.Bucket bucket : statistics.histogram()) {
            assertThat(bucket.documents())
                    .isEqualTo(
                            lengths.stream()
                                    .filter(n -> n >= bucket.from() && n < bucket.to())
                                    .count());
        }
        assertThat(statistics.files().stream().mapToLong(Statistics.FileCount::tokens).sum())
                .isEqualTo(manifest.totals().tokens());
        assertThat(statistics.files()).hasSize(3);
        assertThat(IngestReport.json(statistics))
                .containsEntry("duplicates", manifest.totals().dropped().get("duplicate"))
                .containsEntry("read", 369L)
                .containsEntry("languages", manifest.totals().languages());
        assertThat(manifest.totals().languages().values().stream().mapToLong(n -> n).sum())
                .isEqualTo(manifest.totals().written());
        assertThat(IngestReport.text(statistics))
                .contains("documents by language:", "unknown")
                .contains("369 documents read", "duplicate", "corrupt", "news-2.jsonl.zst");
        String svg = IngestReport.svg(statistics);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(svg).isEqualTo(IngestReport.svg(Statistics.of(request.out())));
    }

    @Test
    void damageFailsWhereThatIsAskedForAndNamesThePlace() throws Exception {
        Path source =
                Packs.write(
                        folder.resolve("a.jsonl"), Packs.utf8("{\"text\":\"a\"}\n{\"text\":\n"));
        IngestRules rules = IngestRules.STANDARD.with(RuleKey.ON_DAMAGE, "fail");
        IngestRequest request = request(Corpus.JSONL, source, "out", rules);
        assertThatThrownBy(() -> ingest.run(request, IngestProgress.none(), () -> false))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("'a.jsonl' is damaged at 13: corrupt (");
        assertThat(
                        complete(request(Corpus.JSONL, source, "other", IngestRules.STANDARD))
                                .totals()
                                .dropped())
                .isEqualTo(Map.of("corrupt", 1L));
    }

    @Test
    void aDumpOfManyStreamsHasPartitionsAndTheBytesOfOneStream() throws Exception {
        String[] groups = new String[6];
        StringBuilder all = new StringBuilder();
        for (int g = 0; g < groups.length; g++) {
            StringBuilder pages = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                int id = g * 30 + i;
                pages.append(
                        Packs.page(
                                id,
                                "Page " + id,
                                "<ns>" + (id % 10 == 9 ? 4 : 0) + "</ns>",
                                "'''Page''' [[number]] " + id + "&lt;ref&gt;x&lt;/ref&gt; "));
            }
            groups[g] = pages.toString();
            all.append(pages);
        }
        Path many = Packs.write(folder.resolve("many/enwiki-1.xml.bz2"), Packs.multistream(groups));
        IngestRules rules = IngestRules.STANDARD;
        AtomicReference<IngestSnapshot> heard = new AtomicReference<>();
        IngestRequest request = request(Corpus.WIKIPEDIA, many, "many-out", rules);
        assertThat(ingest.run(request.withWorkers(3), heard::set, () -> false))
                .isInstanceOf(Complete.class);
        Manifest manifest = Manifest.read(request.out());
        assertThat(manifest.shards().size()).isGreaterThan(2);
        assertThat(manifest.totals().dropped()).isEqualTo(Map.of("namespace", 18L));
        assertThat(heard.get().bytesDone()).isEqualTo(Files.size(many));
        complete(request(Corpus.WIKIPEDIA, many, "again", rules).withWorkers(1));
        assertThat(Scratch.contents(folder.resolve("again")))
                .isEqualTo(Scratch.contents(request.out()));

        Path one =
                Packs.write(
                        folder.resolve("one/enwiki-1.xml.bz2"),
                        Packs.packed(
                                ".bz2", Packs.utf8(Packs.DUMP_START + all + "</mediawiki>\n")));
        Manifest single = complete(request(Corpus.WIKIPEDIA, one, "one-out", rules));
        assertThat(provenance(folder.resolve("one-out"), single))
                .isEqualTo(provenance(request.out(), manifest));

        Path plain =
                Packs.write(
                        folder.resolve("plain/enwiki-1.xml"),
                        Packs.utf8(Packs.DUMP_START + all + "</mediawiki>\n"));
        IngestRequest parts = request(Corpus.WIKIPEDIA, plain, "plain-3", rules);
        Manifest divided = complete(parts.withWorkers(3));
        assertThat(divided.shards().size()).isGreaterThan(2);
        assertThat(divided.totals().dropped()).isEqualTo(Map.of("namespace", 18L));
        complete(request(Corpus.WIKIPEDIA, plain, "plain-1", rules).withWorkers(1));
        assertThat(Scratch.contents(folder.resolve("plain-3")))
                .hasSizeGreaterThan(6)
                .isEqualTo(Scratch.contents(folder.resolve("plain-1")));
    }
}
