package io.longspan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DataSet;
import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.Manifest;
import io.longspan.ingest.IngestOutcome.Complete;
import io.longspan.ingest.IngestOutcome.Stopped;
import io.longspan.ingest.IngestSnapshot.Phase;
import io.longspan.model.ModelInputException;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.dataset.DataSetState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

final class IngestTest {
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

    private static Manifest complete(IngestRequest request) {
        IngestOutcome outcome = ingest.run(request, IngestProgress.none(), () -> false);
        assertThat(outcome).isInstanceOf(Complete.class);
        assertThat(((Complete) outcome).already()).isFalse();
        return ((Complete) outcome).manifest();
    }

    private static DataSetRow row(Path out) {
        return store.dataSets().find(out.toAbsolutePath().normalize().toString()).orElseThrow();
    }

    private IngestRequest small(Path source, String out) {
        return Scratch.request(Corpus.TEXT, source, folder.resolve(out))
                .with(IngestSettings.STANDARD.withShardBytes(10_000));
    }

    /** What datatrove's Megatron writer made of the same books. */
    @Test
    void rawBooksGiveTheBytesOfTheReference() {
        Path out = folder.resolve("out");
        complete(
                new IngestRequest(
                        Corpus.TEXT,
                        List.of(Scratch.book(0), Scratch.book(1), Scratch.book(2)),
                        out,
                        Scratch.TOKENIZER,
                        "golden",
                        IngestSettings.STANDARD.with(Normalization.NONE),
                        2));
        assertThat(Scratch.contents(out))
                .hasSize(4)
                .containsEntry(
                        "shard-00000.bin",
                        "bb5b4ee5b5707a9eb5bff8104215bcf6cabb4fa23c8e7b076395fd1fbd2f38cd")
                .containsEntry(
                        "shard-00000.idx",
                        "b8d5669e12fdd1643bcb3fbb943f0c7a6a69678fe0f00a9d24a7d8ece42f49b4");
    }

    @Test
    void booksBecomeADataSetWithRowAndProvenance() {
        Path out = folder.resolve("out");
        List<IngestSnapshot> heard = new ArrayList<>();
        IngestRequest request = Scratch.request(Corpus.BOOKS, Scratch.BOOKS, out);
        Manifest manifest = ((Complete) ingest.run(request, heard::add, () -> false)).manifest();
        assertThat(manifest.totals().written()).isEqualTo(3);
        assertThat(manifest.totals().tokens()).isBetween(50_000L, 70_000L);
        assertThat(manifest.settings()).containsEntry("normalize", "standard");
        assertThat(manifest.totals().languages()).isEqualTo(Map.of("en", 3L));
        assertThat(DataSet.validate(out).problems()).isEmpty();
        assertThat(DataSet.provenance(out, "shard-00000"))
                .extracting(DocumentInfo::id)
                .containsExactly(
                        "pg1080_modest_proposal.txt",
                        "pg11_alice_in_wonderland.txt",
                        "pg1952_yellow_wallpaper.txt");
        DataSetRow row = row(out);
        assertThat(row.state()).isEqualTo(DataSetState.READY);
        assertThat(row.documents()).isEqualTo(3);
        assertThat(row.tokens()).isEqualTo(manifest.totals().tokens());
        assertThat(row.tokenizerDigest()).isEqualTo(manifest.tokenizer().sha256());
        assertThat(heard)
                .extracting(IngestSnapshot::phase)
                .contains(Phase.PLANNING, Phase.WRITING, Phase.PUBLISHING);
        IngestSnapshot last = heard.getLast();
        assertThat(last.documentsDone()).isEqualTo(3).isEqualTo(last.documentsTotal());
        assertThat(last.bytesDone()).isEqualTo(264_482).isEqualTo(last.bytesTotal());
        assertThat(last.tokens()).isEqualTo(manifest.totals().tokens());
        assertThat(out.resolve(".ingest")).doesNotExist();
    }

    @Test
    void normalisedTextHasTheTokensOfTheReference() {
        Path out = folder.resolve("out");
        complete(Scratch.request(Corpus.TEXT, Scratch.book(2), out));
        try (DataSet data = DataSet.open(out)) {
            assertThat(data.tokens()).isEqualTo(48_977 + 1);
        }
    }

    @Test
    void theNumberOfWorkersDoesNotShow() throws IOException {
        Path source = folder.resolve("source");
        int good = Scratch.cut(source, new Random(Scratch.seed()), 60);
        Manifest manifest = complete(small(source, "one").withWorkers(1));
        complete(small(source, "three").withWorkers(3));
        assertThat(manifest.shards()).hasSizeGreaterThan(5);
        assertThat(manifest.totals().read()).isEqualTo(60);
        assertThat(manifest.totals().written()).isEqualTo(good);
        assertThat(manifest.totals().dropped()).isEqualTo(Map.of("empty", 6L, "undecodable", 3L));
        assertThat(Scratch.contents(folder.resolve("three")))
                .isEqualTo(Scratch.contents(folder.resolve("one")));
        assertThat(row(folder.resolve("three")).dropped()).isEqualTo(60 - good);
    }

    @Test
    void aCompleteDataSetIsLeftAlone() throws IOException {
        Path source = folder.resolve("source");
        Scratch.cut(source, new Random(1), 10);
        IngestRequest request = small(source, "out");
        Manifest manifest = complete(request);
        Path file = folder.resolve("out/manifest.json");
        Object time = Files.getLastModifiedTime(file);
        assertThat(ingest.run(request, IngestProgress.none(), () -> false))
                .isEqualTo(new Complete(manifest, true));
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);

        assertRefused(
                request.with(request.settings().withShardBytes(9_999)),
                "was built with shard_bytes '10000', and now it is '9999'");
        assertRefused(Scratch.request(Corpus.BOOKS, source, request.out()), "corpus 'text'");
        Files.writeString(source.resolve("new.txt"), "one more");
        assertRefused(request, "was built from 10 files");
    }

    @Test
    void aDataSetThatWasDeletedIsBuiltAgain() throws IOException {
        Path source = folder.resolve("source");
        Scratch.cut(source, new Random(2), 10);
        IngestRequest request = small(source, "out");
        complete(request);
        SortedMap<String, String> before = Scratch.contents(request.out());
        for (String name : before.keySet()) {
            Files.delete(request.out().resolve(name));
        }
        complete(request);
        assertThat(Scratch.contents(request.out())).isEqualTo(before);
    }

    /** A kill between two inserts of Batch leaves executions of partitions like this. */
    @Test
    void aPartitionWhoseContextWasNeverStoredIsBuiltAllTheSame() throws IOException {
        Path source = folder.resolve("source");
        Scratch.cut(source, new Random(4), 30);
        complete(small(source, "undisturbed"));
        IngestRequest request = small(source, "out");
        AtomicReference<IngestSnapshot> heard = new AtomicReference<>();
        assertThat(
                        ingest.run(
                                request,
                                heard::set,
                                () -> heard.get() != null && heard.get().shardsDone() >= 2))
                .isInstanceOf(Stopped.class);
        JdbcClient.create(store.dataSource())
                .sql("delete from batch_step_execution_context")
                .update();
        complete(request);
        assertThat(Scratch.contents(request.out()))
                .containsAllEntriesOf(
                        Scratch.contents(folder.resolve("undisturbed")).entrySet().stream()
                                .filter(file -> file.getKey().startsWith("shard-"))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Test
    void aStoppedJobGoesOnWhereItEnded() throws IOException {
        Path source = folder.resolve("source");
        int good = Scratch.cut(source, new Random(Scratch.seed()), 60);
        complete(small(source, "undisturbed"));
        IngestRequest request = small(source, "out");
        AtomicReference<IngestSnapshot> heard = new AtomicReference<>();
        IngestOutcome outcome =
                ingest.run(
                        request,
                        heard::set,
                        () -> heard.get() != null && heard.get().shardsDone() >= 3);
        assertThat(outcome).isInstanceOf(Stopped.class);
        int done = ((Stopped) outcome).reached().shardsDone();
        assertThat(done).isBetween(3, 5);
        assertThat(request.out().resolve("manifest.json")).doesNotExist();
        JobView stopped = IngestJobs.of(store).list(1).getFirst();
        assertThat(stopped.status()).isEqualTo("STOPPED");
        assertThat(stopped.out()).isEqualTo(request.out().toString());

        assertRefused(
                request.with(request.settings().with(Normalization.NONE)), "normalize 'standard'");

        AtomicInteger first = new AtomicInteger(-1);
        ingest.run(
                request,
                snapshot -> {
                    if (snapshot.phase() == Phase.WRITING) {
                        first.compareAndSet(-1, snapshot.shardsDone());
                    }
                },
                () -> false);
        assertThat(first.get()).isEqualTo(done);
        assertThat(Scratch.contents(request.out()))
                .isEqualTo(Scratch.contents(folder.resolve("undisturbed")));
        assertThat(row(request.out()).documents()).isEqualTo(good);
        JobView finished = IngestJobs.of(store).list(1).getFirst();
        assertThat(finished.status()).isEqualTo("COMPLETED");
        assertThat(finished.instance()).isEqualTo(stopped.instance());
        long written =
                List.of(stopped, finished).stream()
                        .flatMap(job -> job.steps().stream())
                        .filter(step -> step.partition() && step.status().equals("COMPLETED"))
                        .mapToLong(JobView.Step::written)
                        .sum();
        assertThat(written).isEqualTo(good);
    }

    @Test
    void aStopAskedForInTheStoreIsHeard() throws IOException {
        Path source = folder.resolve("source");
        Scratch.cut(source, new Random(3), 60);
        IngestRequest request = small(source, "out");
        IngestJobs jobs = IngestJobs.of(store);
        AtomicReference<JobView> asked = new AtomicReference<>();
        IngestOutcome outcome =
                ingest.run(
                        request,
                        snapshot -> {
                            if (snapshot.shardsDone() == 2 && asked.get() == null) {
                                JobView running = jobs.list(1).getFirst();
                                assertThat(running.status()).isEqualTo("STARTED");
                                assertThat(jobs.requestStop(running.id())).isTrue();
                                asked.set(jobs.find(running.id()).orElseThrow());
                            }
                        },
                        () -> false);
        assertThat(asked.get().status()).isEqualTo("STOPPING");
        assertThat(outcome).isInstanceOf(Stopped.class);
        assertThat(jobs.find(asked.get().id()).orElseThrow().status()).isEqualTo("STOPPED");
        assertThat(jobs.requestStop(asked.get().id())).isFalse();
        assertThat(complete(request).totals().read()).isEqualTo(60);
    }

    @Test
    void aSourceThatChangesUnderAJobIsRefused() throws IOException {
        Path source = folder.resolve("source");
        Scratch.cut(source, new Random(4), 30);
        IngestRequest request = small(source, "out");
        AtomicInteger shards = new AtomicInteger();
        ingest.run(request, s -> shards.set(s.shardsDone()), () -> shards.get() >= 1);
        Path file = source.resolve("part-2/doc-29.txt");
        String text = Files.readString(file);
        Files.writeString(file, text + ".");
        assertRefused(request, "'part-2/doc-29.txt' has another content");
        Files.delete(file);
        assertRefused(request, "'part-2/doc-29.txt' is missing");
        Files.writeString(file, text);
        Files.writeString(source.resolve("part-0/added.txt"), "new");
        assertRefused(request, "'part-0/added.txt' is new");
        assertThat(row(request.out()).state()).isEqualTo(DataSetState.FAILED);
        Files.delete(source.resolve("part-0/added.txt"));
        // The same content under another time is the same source.
        complete(request);
    }

    @Test
    void oneFolderIsWrittenByOneIngest() throws IOException {
        Path source = folder.resolve("source");
        Scratch.cut(source, new Random(5), 10);
        IngestRequest request = small(source, "out");
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        ingest.run(
                request,
                snapshot -> {
                    if (refusal.get() == null) {
                        refusal.set(
                                catchThrowable(() ->
                                        ingest.run(request, IngestProgress.none(), () -> false)));
                    }
                },
                () -> false);
        assertThat(refusal.get())
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("is being written by another ingest");
    }

    @Test
    void documentsThatAreTooLargeAreDropped() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "0123456789");
        Files.writeString(source.resolve("b.txt"), "0123456789x");
        Files.writeString(source.resolve("c.TXT"), "c");
        Files.writeString(source.resolve(".hidden.txt"), "hidden");
        Files.writeString(source.resolve("other.md"), "other");
        Files.createSymbolicLink(source.resolve("link.txt"), source.resolve("a.txt"));
        Manifest manifest =
                complete(
                        Scratch.request(Corpus.TEXT, source, folder.resolve("out"))
                                .with(new IngestSettings(Normalization.STANDARD, 100, 10)));
        assertThat(manifest.totals().dropped()).isEqualTo(Map.of("too-large", 1L));
        assertThat(manifest.totals().written()).isEqualTo(2);
    }

    @Test
    void badInputIsRefusedBeforeAnythingIsMade() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path out = folder.resolve("out");
        assertRefused(Scratch.request(Corpus.BOOKS, empty, out), "holds no .txt file");
        assertRefused(Scratch.request(Corpus.BOOKS, folder.resolve("none"), out), "does not exist");
        assertRefused(
                Scratch.request(Corpus.WIKIPEDIA, Scratch.BOOKS, out),
                "holds no .xml, .xml.bz2 or .parquet file");
        assertRefused(
                Scratch.request(Corpus.PARQUET, Scratch.book(0), out),
                "has a name from which its format cannot be told; it must end in .parquet");
        assertRefused(
                Scratch.request(Corpus.BOOKS, Scratch.BOOKS, Scratch.BOOKS.resolve("out")),
                "lies in its own source");
        assertThatThrownBy(() ->
                        ingest.run(
                                IngestRequest.of(Corpus.BOOKS, Scratch.BOOKS, out, empty),
                                IngestProgress.none(),
                                () -> false))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("has neither tokenizer.json nor");
        assertThat(out).doesNotExist();

        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("thesis.doc"), "precious");
        assertRefused(
                Scratch.request(Corpus.BOOKS, Scratch.BOOKS, other),
                "holds something else ('thesis.doc')");
        assertRefused(
                Scratch.request(Corpus.BOOKS, Scratch.BOOKS, other.resolve("thesis.doc")),
                "is a file");
    }

    @Test
    void aSourceWithoutAnythingUsableFails() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "  ");
        assertRefused(
                Scratch.request(Corpus.TEXT, source, folder.resolve("out")),
                "none of the 1 documents can be used ({empty=1})");
    }

    @Test
    void twoDocumentsOfOneNameAreRefused() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("a.txt"), "a");
        Files.writeString(second.resolve("a.txt"), "b");
        assertRefused(
                new IngestRequest(
                        Corpus.TEXT,
                        List.of(first, second),
                        folder.resolve("out"),
                        Scratch.TOKENIZER,
                        "two",
                        IngestSettings.STANDARD,
                        1),
                "would both be document 'a.txt'");
    }

    private static void assertRefused(IngestRequest request, String message) {
        assertThatThrownBy(() -> ingest.run(request, IngestProgress.none(), () -> false))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining(message);
    }
}
