package io.longspan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.store.audit.AuditRow;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.dataset.DataSetState;
import io.longspan.store.inference.InferenceCount;
import io.longspan.store.inference.InferenceEntry;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.InferencePayload;
import io.longspan.store.inference.InferenceQuery;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.inference.InferenceSearch;
import io.longspan.store.inference.MethodSummary;
import io.longspan.store.model.ModelRow;
import io.longspan.store.node.NodeRow;
import io.longspan.store.run.CheckpointRow;
import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunData;
import io.longspan.store.run.RunOrigin;
import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunState;
import io.longspan.store.user.ConsoleUser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

final class RepositoriesTest {
    private static final String TEXT = "ığÜ 書 🙂 'q' \\ %";

    private static TestDatabases databases;
    private static Store store;

    @BeforeAll
    static void start() throws Exception {
        databases = new TestDatabases();
        store = Store.open(databases.make("repositories"));
    }

    @AfterAll
    static void stop() {
        store.close();
        databases.close();
    }

    @BeforeEach
    void empty() {
        sql(
                "truncate data_set, training_run, training_run_data, training_metric, training_checkpoint, model, inference, node, console_user, audit");
    }

    @Test
    void aDataSetGoesFromBuildingToReadyAndKeepsItsKey() {
        store.dataSets().begin(TEXT, "/d/" + TEXT, "books", "");
        store.dataSets().begin(TEXT, "/d/" + TEXT, "bücher", "abc");
        store.dataSets().progress("/d/" + TEXT, 10, 2, 3_000_000_000L, 4);
        DataSetRow building = store.dataSets().find("/d/" + TEXT).orElseThrow();
        assertThat(building)
                .isEqualTo(
                        new DataSetRow(
                                building.id(),
                                TEXT,
                                "/d/" + TEXT,
                                "bücher",
                                DataSetState.BUILDING,
                                10,
                                2,
                                3_000_000_000L,
                                4,
                                "abc",
                                Optional.empty(),
                                building.createdAt(),
                                building.updatedAt()));
        store.dataSets().ready("/d/" + TEXT, "{\"ı\": 1}");
        DataSetRow ready = store.dataSets().find("/d/" + TEXT).orElseThrow();
        assertThat(ready.state()).isEqualTo(DataSetState.READY);
        assertThat(ready.manifest()).contains("{\"ı\": 1}");
        assertThat(ready.updatedAt()).isAfter(building.createdAt());
        store.dataSets().begin("other", "/o", "text", "");
        store.dataSets().failed("/o");
        assertThat(store.dataSets().latest(2))
                .extracting(DataSetRow::state)
                .containsExactly(DataSetState.FAILED, DataSetState.READY);
        Slice<DataSetRow> newest = store.dataSets().page(Optional.empty(), 1);
        assertThat(newest.rows()).extracting(DataSetRow::folder).containsExactly("/o");
        Slice<DataSetRow> older = store.dataSets().page(newest.next().map(Long::valueOf), 1);
        assertThat(older).isEqualTo(new Slice<>(List.of(ready), Optional.empty()));
        assertThat(store.dataSets().find(ready.id())).contains(ready);
        assertThat(store.dataSets().find("/nosuch")).isEmpty();
    }

    @Test
    void aRunThatGoesOnInItsFolderKeepsItsKeyAndItsNumbers() {
        long id = store.runs().begin(run("first", 10));
        RunRow begun = store.runs().find(id).orElseThrow();
        assertThat(begun)
                .isEqualTo(
                        new RunRow(
                                id,
                                "first",
                                "masked-lm",
                                RunState.RUNNING,
                                "{\"lr\": 0.1}",
                                "/r/" + TEXT,
                                "/d",
                                "loop",
                                "1.0",
                                0,
                                10,
                                Optional.empty(),
                                Optional.empty(),
                                "",
                                begun.startedAt(),
                                begun.updatedAt(),
                                Optional.empty()));
        store.runs().metric(id, new Metric(Metric.HELD_OUT_LOSS, 0, 9.5));
        store.runs().metric(id, new Metric(Metric.LOSS, 1, 9));
        store.runs().metric(id, new Metric(Metric.HELD_OUT_LOSS, 2, 8));
        store.runs().end(id, RunState.STOPPED, TEXT + "\u0000");
        RunRow stopped = store.runs().find(id).orElseThrow();
        assertThat(stopped.message()).isEqualTo(TEXT + "\uFFFD");
        assertThat(stopped.endedAt()).isPresent();
        assertThat(stopped.step()).isEqualTo(2);
        assertThat(stopped.firstLoss()).contains(9.5);
        assertThat(stopped.lastLoss()).contains(8.0);

        assertThat(store.runs().begin(run("second", 20))).isEqualTo(id);
        RunRow again = store.runs().findByOutput("/r/" + TEXT).orElseThrow();
        assertThat(again.state()).isEqualTo(RunState.RUNNING);
        assertThat(again.name()).isEqualTo("second");
        assertThat(again.totalSteps()).isEqualTo(20);
        assertThat(again.message()).isEmpty();
        assertThat(again.endedAt()).isEmpty();
        assertThat(again.startedAt()).isEqualTo(begun.startedAt());
        assertThat(again.firstLoss()).contains(9.5);
        assertThat(store.runs().list(9)).containsExactly(again);
        assertThat(store.runs().findByOutput("/r")).isEmpty();
    }

    @Test
    void aRunKeepsEveryDataSetThatItReads() {
        RunData books = new RunData("books", "/d/books", 3);
        RunData papers = new RunData(TEXT, "/d/" + TEXT, 0.5);
        RunOrigin mixed = new RunOrigin("1.2", "ab", "cd", 7, List.of(books, papers));
        NewRun plain = run("x", 10);
        long id =
                store.runs()
                        .begin(
                                new NewRun(
                                        "x",
                                        "masked-lm",
                                        "{}",
                                        plain.output(),
                                        "both",
                                        "loop",
                                        "1",
                                        10,
                                        mixed));
        RunRow row = store.runs().find(id).orElseThrow();
        assertThat(store.runs().origin(row)).isEqualTo(mixed);
        for (RunData data : mixed.data()) {
            assertThat(store.runSearch().ofDataSet(data.folder(), 9)).containsExactly(row);
        }
        assertThat(store.runSearch().ofDataSet("/d", 9)).isEmpty();

        assertThat(store.runs().begin(plain)).isEqualTo(id);
        assertThat(store.runs().origin(store.runs().find(id).orElseThrow()))
                .isEqualTo(RunOrigin.of("/d"));
        assertThat(store.runSearch().ofDataSet("/d/books", 9)).isEmpty();
    }

    @Test
    void numbersComeInOrderAndTheOneMeasuredLastCounts() {
        long id = store.runs().begin(run("x", 10));
        for (int step : new int[] {3, 1, 2, 3}) {
            store.runs().metric(id, new Metric(Metric.LOSS, step, step * 0.1));
        }
        store.runs().metric(id, new Metric(Metric.LOSS, 3, Double.NaN));
        store.runs().metric(id, new Metric("norm", 2, 1e-300));
        assertThat(store.runs().metrics(id, Metric.LOSS, -1))
                .containsExactly(loss(1, 0.1), loss(2, 0.2), loss(3, Double.NaN));
        assertThat(store.runs().metrics(id, Metric.LOSS, 2)).containsExactly(loss(3, Double.NaN));
        assertThat(store.runs().metrics(id, Set.of(Metric.LOSS, "norm", "none"), 1))
                .isEqualTo(
                        Map.of(
                                Metric.LOSS,
                                List.of(loss(2, 0.2), loss(3, Double.NaN)),
                                "norm",
                                List.of(new Metric("norm", 2, 1e-300))));
        assertThat(store.runs().metrics(id, Set.of(), -1)).isEmpty();
    }

    @Test
    void numbersOfOneStepAreNotedTogether() {
        long id = store.runs().begin(run("x", 10));
        store.runs().metrics(id, List.of(new Metric(Metric.HELD_OUT_LOSS, 0, 9.5)));
        store.runs()
                .metrics(
                        id,
                        List.of(
                                loss(1, 9),
                                new Metric("norm", 1, 2),
                                loss(1, Double.NaN),
                                loss(2, 8),
                                new Metric(Metric.HELD_OUT_LOSS, 2, 7.5)));
        assertThat(store.runs().metrics(id, Metric.LOSS, -1))
                .containsExactly(loss(1, Double.NaN), loss(2, 8));
        RunRow row = store.runs().find(id).orElseThrow();
        assertThat(row.step()).isEqualTo(2);
        assertThat(row.firstLoss()).contains(9.5);
        assertThat(row.lastLoss()).contains(7.5);
        store.runs().metrics(id, List.of(loss(1, 6)));
        assertThat(store.runs().find(id).orElseThrow().step()).isEqualTo(1);
        assertThat(store.runs().metrics(id, Metric.LOSS, -1))
                .containsExactly(loss(1, 6), loss(2, 8));
    }

    @Test
    void checkpointsComeLatestFirst() {
        long id = store.runs().begin(run("x", 10));
        store.runs().checkpoint(id, 1, "/c/1", "aa");
        store.runs().checkpoint(id, 2, "/c/2", "bb");
        store.runs().checkpoint(id, 1, "/c/" + TEXT, "cc");
        List<CheckpointRow> rows = store.runs().checkpoints(id);
        assertThat(rows).extracting(CheckpointRow::step).containsExactly(2L, 1L);
        assertThat(rows.getLast())
                .isEqualTo(new CheckpointRow(1, "/c/" + TEXT, "cc", rows.getLast().at()));
    }

    @Test
    void aVersionOfAModelNeverChangesItsWeights() {
        long run = store.runs().begin(run("x", 10));
        ModelRow first = model("1", "aa", OptionalLong.empty(), "/m");
        assertThat(store.models().register(first)).isTrue();
        assertThat(store.models().register(model("1", "bb", OptionalLong.of(run), "/n"))).isFalse();
        ModelRow found = store.models().find(TEXT, "1").orElseThrow();
        assertThat(found).isEqualTo(at(first, found.createdAt()));
        assertThat(store.models().register(model("1", "aa", OptionalLong.of(run), "/n"))).isTrue();
        assertThat(store.models().find(TEXT, "1").orElseThrow())
                .isEqualTo(at(model("1", "aa", OptionalLong.of(run), "/n"), found.createdAt()));
        assertThat(store.models().register(model("1", "aa", OptionalLong.empty(), "/n"))).isTrue();
        assertThat(store.models().find(TEXT, "1").orElseThrow().runId())
                .isEqualTo(OptionalLong.of(run));
        assertThat(store.models().register(model("2", "bb", OptionalLong.empty(), "/2"))).isTrue();
        assertThat(store.models().newest(TEXT)).map(ModelRow::version).contains("2");
        assertThat(store.models().list()).extracting(ModelRow::version).containsExactly("2", "1");
        assertThat(store.models().newest("nosuch")).isEmpty();
        assertThat(store.models().find(TEXT, "3")).isEmpty();
    }

    @Test
    void onePassOverAWindowSaysWhatTheDatabaseSays() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        InferenceQuery query =
                new InferenceQuery(
                        Optional.of(now.minusSeconds(3000)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        Duration piece = Duration.ofMinutes(5);
        assertThat(store.inferenceSearch().look(query, piece).pieces()).isEmpty();
        assertThat(store.inferenceSearch().look(query, piece).summary().total()).isEmpty();
        calls(now, 997, 3600);
        assertSame(query, piece, 11);
        assertSame(
                new InferenceQuery(
                        query.from(),
                        Optional.of(now.minusSeconds(400)),
                        Optional.of("caller 1"),
                        Optional.of("m"),
                        Optional.of("method 2"),
                        Optional.of(InferenceQuery.FAILED)),
                piece,
                9);
        // More than are sent one by one.
        calls(now, 70_000, 1);
        assertSame(query, piece, 11);
    }

    /** The two queries with the database's own percentiles are the independent answer. */
    private void assertSame(InferenceQuery query, Duration piece, int least) {
        InferenceSearch.Looked looked = store.inferenceSearch().look(query, piece);
        assertThat(looked.pieces()).isEqualTo(store.inferenceSearch().pieces(query, piece));
        assertThat(looked.summary()).isEqualTo(store.inferenceSearch().summary(query));
        assertThat(looked.pieces()).hasSizeGreaterThanOrEqualTo(least);
    }

    /** Calls at even steps before now, of three methods and five callers. */
    private void calls(Instant now, int calls, int seconds) {
        JdbcClient.create(store.dataSource())
                .sql(
                        """
                        insert into inference (id, at, caller, method, model, model_version, backend, backend_version, precision, tokens,
                            tokenize_nanos, queue_nanos, compute_nanos, total_nanos, batch_size, status, message, payload_digest)
                        select gen_random_uuid(), :now - i * make_interval(secs => :seconds) / :calls, 'caller ' || i / 3 % 2, 'method ' || i % 3,
                            'm', '1', 'b', '1', 'fp32', i % 100, 1, 2, 3, i * 7919::bigint % 100003, 1,
                            case when i % 2 = 0 then 'OK' else 'INTERNAL' end, '', ''
                        from generate_series(1, :calls) i
                        """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("seconds", (double) seconds)
                .param("calls", calls)
                .update();
    }

    @Test
    void aCountIsExactUpToANumberAndSaysSoBeyond() {
        calls(Instant.now(), 300, 1);
        assertThat(store.inferences().about(300)).isEqualTo(new InferenceCount(300, true));
        JdbcClient.create(store.dataSource()).sql("analyze inference").update();
        assertThat(store.inferences().about(299)).isEqualTo(new InferenceCount(300, false));
        assertThat(store.inferences().about(1000)).isEqualTo(new InferenceCount(300, true));
    }

    @Test
    void anInferenceThatIsAddedTwiceIsThereOnce() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        InferenceRow row = inference(now, "m", TEXT, "OK", 5);
        store.inferences().add(List.of(row));
        store.inferences()
                .add(List.of(row, inference(now.plusMillis(1), "m", "nul\u0000", "OK", 6)));
        assertThat(store.inferences().count()).isEqualTo(2);
        assertThat(
                        store.inferences()
                                .list(
                                        new InferenceFilter(
                                                Optional.of(row.id()),
                                                Optional.empty(),
                                                Optional.empty(),
                                                9)))
                .containsExactly(row);
        assertThat(store.inferences().list(InferenceFilter.newest(1)))
                .extracting(InferenceRow::message)
                .containsExactly("nul\uFFFD");
        store.inferences().add(List.of());
    }

    @Test
    void whatWasSaidIsThereOnceAndWhatItsCallerHadDeletedStaysAway() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        InferenceEntry first = said(inference(now, "m", "", "OK", 5), "one", now.plusSeconds(60));
        InferenceEntry over = said(inference(now, "m", "", "OK", 5), "over", now.minusSeconds(1));
        InferenceRow silent = inference(now, "m", "", "OK", 5);
        store.inferences().addEntries(List.of(first, over, InferenceEntry.of(silent)));
        store.inferences().addEntries(List.of(first));
        assertThat(store.payloads().find(first.row().id())).isEqualTo(first.payload());
        assertThat(store.payloads().find(over.row().id())).isEmpty();
        assertThat(store.payloads().find(silent.id())).isEmpty();
        assertThat(store.payloads().count()).isEqualTo(1);
        assertThat(store.inferences().count()).isEqualTo(3);

        assertThat(store.payloads().delete("nobody", now.plusSeconds(1))).isZero();
        assertThat(store.payloads().delete(TEXT, now)).isZero();
        assertThat(store.payloads().delete(TEXT, now.plusSeconds(1))).isEqualTo(1);
        // Deleting less does not bring it back.
        assertThat(store.payloads().delete(TEXT, now.minusSeconds(9))).isZero();
        InferenceEntry late = said(inference(now, "m", "", "OK", 5), "late", now.plusSeconds(60));
        InferenceEntry next =
                said(inference(now.plusSeconds(2), "m", "", "OK", 5), "next", now.plusSeconds(60));
        store.inferences().addEntries(List.of(late, next));
        assertThat(store.payloads().find(late.row().id())).isEmpty();
        assertThat(store.payloads().find(next.row().id())).isEqualTo(next.payload());
        assertThat(store.inferences().count()).isEqualTo(5);

        assertThat(store.payloads().forget(now.plusSeconds(59))).isZero();
        assertThat(store.payloads().forget(now.plusSeconds(60))).isEqualTo(1);
        store.inferences().addEntries(List.of(next));
        assertThat(store.payloads().count()).isEqualTo(1);
        store.inferences().forget(now.plusSeconds(3));
        assertThat(store.payloads().count()).isZero();
        sql("delete from payload_deletion");
    }

    private static InferenceEntry said(InferenceRow row, String text, Instant end) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return new InferenceEntry(
                row, Optional.of(new InferencePayload(bytes, 9, bytes, 1L << 40, end)));
    }

    /** By way of a copy of the table that keeps what must not be null and loses the defaults. */
    @Test
    void aServerOfTheVersionBeforeWritesRowsToTheNewSchema() {
        String columns =
                "id, at, caller, method, model, model_version, backend, backend_version, precision, tokens, tokenize_nanos, queue_nanos, "
                        + "compute_nanos, total_nanos, batch_size, status, message, payload_digest";
        sql(
                "begin; create temporary table before_in (like inference) on commit drop; insert into before_in ("
                        + columns
                        + ") values ('00000000-0000-0000-0000-0000000000f7', now(), 'c', 'm', 'm', '', '', '', '', 1, 1, 1, 1, 1, 1, 'OK', '', '');"
                        + " do $$ begin perform inference_month(now()); end $$;"
                        + " insert into inference ("
                        + columns
                        + ") select "
                        + columns
                        + " from before_in; commit");
        assertThat(
                        texts(
                                "select 'trace: ' || trace from inference where id = '00000000-0000-0000-0000-0000000000f7'"))
                .containsExactly("trace: ");
        sql("delete from inference where id = '00000000-0000-0000-0000-0000000000f7'");
    }

    @Test
    void inferencesLieInMonthsOfUtcAndOldOnesGoMonthByMonth() {
        Instant march = Instant.parse("2031-03-01T00:00:00Z");
        InferenceRow last = inference(march.minusNanos(1000), "m", "", "OK", 1);
        InferenceRow first = inference(march, "m", "", "OK", 1);
        InferenceRow later = inference(Instant.parse("2031-04-30T23:59:59Z"), "m", "", "OK", 1);
        String months =
                "select tableoid::regclass::text from inference where at > '2031-01-01' order by at";
        // As an older version left it: where no month has a table of its own.
        sql(
                "insert into inference_rest select gen_random_uuid(), '2031-03-20', caller, method, model, model_version, backend, backend_version, precision, "
                        + "tokens, tokenize_nanos, queue_nanos, compute_nanos, total_nanos, batch_size, status, message, payload_digest "
                        + "from (values ('c', 'm', 'm', '', '', '', '', 1, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1, 'OK', '', '')) as "
                        + "t (caller, method, model, model_version, backend, backend_version, precision, tokens, tokenize_nanos, queue_nanos, "
                        + "compute_nanos, total_nanos, batch_size, status, message, payload_digest)");
        assertThat(texts(months)).containsExactly("inference_rest");
        store.inferences().add(List.of(last, first, later));
        assertThat(texts(months))
                .containsExactly(
                        "inference_2031_02",
                        "inference_2031_03",
                        "inference_2031_03",
                        "inference_2031_04");
        assertThat(store.inferences().forget(march.plusSeconds(1))).isEqualTo(2);
        assertThat(texts(months)).containsExactly("inference_2031_03", "inference_2031_04");
        assertThat(texts("select to_regclass('inference_2031_02')::text")).containsExactly("null");
        // It was waiting somewhere while its month went.
        store.inferences().add(List.of(last, later));
        assertThat(texts(months))
                .containsExactly("inference_2031_02", "inference_2031_03", "inference_2031_04");
        assertThat(store.inferences().forget(Instant.parse("2031-05-01T00:00:00Z"))).isEqualTo(3);
        assertThat(texts(months)).isEmpty();
    }

    private static List<String> texts(String query) {
        return JdbcClient.create(store.dataSource())
                .sql(query)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .list();
    }

    @Test
    void inferencesAreFilteredNewestFirst() {
        Instant now = Instant.now();
        InferenceRow old = inference(now.minusSeconds(3), "a", "", "OK", 1);
        InferenceRow failed = inference(now.minusSeconds(2), "a", "", "INTERNAL", 1);
        InferenceRow other = inference(now.minusSeconds(1), "b", "", "OK", 1);
        store.inferences().add(List.of(failed, other, old));
        assertThat(ids(Optional.empty(), Optional.empty()))
                .containsExactly(other.id(), failed.id(), old.id());
        assertThat(ids(Optional.of("a"), Optional.empty())).containsExactly(failed.id(), old.id());
        assertThat(ids(Optional.empty(), Optional.of("OK"))).containsExactly(other.id(), old.id());
        assertThat(ids(Optional.of("b"), Optional.of("INTERNAL"))).isEmpty();
    }

    @Test
    void theSummaryAgreesWithSortedTimes() {
        long seed = Long.getLong("store.seed", System.nanoTime());
        System.out.println("store.seed=" + seed);
        Random random = new Random(seed);
        List<InferenceRow> rows = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            String status = i < 7 ? "INTERNAL" : "OK";
            rows.add(inference(Instant.now(), "m", "", status, 1 + random.nextInt(1_000_000)));
        }
        rows.add(inference(Instant.now().minusSeconds(700), "m", "", "OK", 1));
        store.inferences().add(rows);
        long[] times =
                rows.subList(0, 101).stream()
                        .mapToLong(InferenceRow::totalNanos)
                        .sorted()
                        .toArray();
        assertThat(store.inferences().summary(Duration.ofMinutes(10)))
                .containsExactly(
                        new MethodSummary(
                                "longspan.v1.Inference/Embed",
                                101,
                                7,
                                101 * 42,
                                times[50],
                                times[95],
                                times[99]));
        assertThat(store.inferences().summary(Duration.ZERO)).isEmpty();
    }

    @Test
    void nodesAreAliveWhileTheyBeat() {
        NodeRow node = node(Optional.of("{\"chosen\": \"loop\"}"));
        store.nodes().beat(node);
        NodeRow beaten = store.nodes().alive(Duration.ofMinutes(1)).getFirst();
        assertThat(beaten)
                .usingRecursiveComparison()
                .ignoringFields("startedAt", "heartbeatAt")
                .isEqualTo(node);
        sql("update node set heartbeat_at = now() - interval '61 seconds'");
        assertThat(store.nodes().alive(Duration.ofMinutes(1))).isEmpty();
        NodeRow later =
                new NodeRow(
                        node.id(),
                        "serve",
                        "h",
                        7,
                        "0.1",
                        "",
                        Optional.empty(),
                        node.startedAt(),
                        node.heartbeatAt(),
                        Optional.empty());
        store.nodes().beat(later);
        NodeRow again = store.nodes().alive(Duration.ofMinutes(1)).getFirst();
        assertThat(again.roles()).isEqualTo("serve");
        assertThat(again.selectionReport()).contains("{\"chosen\": \"loop\"}");
        assertThat(again.startedAt()).isEqualTo(beaten.startedAt());
        store.nodes().end(node.id());
        assertThat(store.nodes().alive(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void aConsoleUserIsAddedOnceAndChangedByPut() {
        ConsoleUser user = new ConsoleUser(TEXT, "{bcrypt}x", "ADMIN");
        assertThat(user.toString()).doesNotContain("bcrypt");
        assertThat(store.users().add(user)).isTrue();
        assertThat(store.users().add(new ConsoleUser(TEXT, "{bcrypt}y", "VIEWER"))).isFalse();
        assertThat(store.users().find(TEXT)).contains(user);
        ConsoleUser changed = new ConsoleUser(TEXT, "{bcrypt}z", "OPERATOR");
        store.users().put(changed);
        assertThat(store.users().find(TEXT)).contains(changed);
        assertThat(store.users().find(TEXT + " ")).isEmpty();
        assertThatThrownBy(() -> store.users().put(new ConsoleUser("x", "y", "BOSS")))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void deedsComeNewestFirst() {
        store.audit().add(TEXT, "work.submit", "3", Optional.of("{\"kind\": \"INGEST\"}"));
        store.audit().add("b", "work.stop", TEXT, Optional.empty());
        List<AuditRow> rows = store.audit().list(9);
        assertThat(rows)
                .containsExactly(
                        new AuditRow(rows.get(0).at(), "b", "work.stop", TEXT, Optional.empty()),
                        new AuditRow(
                                rows.get(1).at(),
                                TEXT,
                                "work.submit",
                                "3",
                                Optional.of("{\"kind\": \"INGEST\"}")));
        assertThat(store.audit().list(1)).hasSize(1);
    }

    private static NewRun run(String name, long steps) {
        return new NewRun(
                name, "masked-lm", "{\"lr\": 0.1}", "/r/" + TEXT, "/d", "loop", "1.0", steps);
    }

    private static Metric loss(long step, double value) {
        return new Metric(Metric.LOSS, step, value);
    }

    private static ModelRow model(String version, String digest, OptionalLong run, String folder) {
        return new ModelRow(
                TEXT,
                version,
                folder,
                digest,
                "masked-lm",
                "longformer",
                5_000_000_000L,
                4096,
                run,
                Instant.EPOCH);
    }

    private static ModelRow at(ModelRow row, Instant time) {
        return new ModelRow(
                row.name(),
                row.version(),
                row.folder(),
                row.digest(),
                row.task(),
                row.architecture(),
                row.parameters(),
                row.maxTokens(),
                row.runId(),
                time);
    }

    private static InferenceRow inference(
            Instant at, String model, String message, String status, long nanos) {
        return new InferenceRow(
                UUID.randomUUID(),
                at,
                TEXT,
                "longspan.v1.Inference/Embed",
                model,
                "1",
                "loop",
                "1.0",
                "fp32",
                42,
                1,
                2,
                3,
                nanos,
                4,
                status,
                message,
                "abcd");
    }

    private static List<UUID> ids(Optional<String> model, Optional<String> status) {
        return store
                .inferences()
                .list(new InferenceFilter(Optional.empty(), model, status, 9))
                .stream()
                .map(InferenceRow::id)
                .toList();
    }

    private static NodeRow node(Optional<String> report) {
        return new NodeRow(
                UUID.randomUUID(),
                "serve,worker",
                "h",
                7,
                "0.1",
                "grpc 127.0.0.1:9090",
                report,
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }

    private static void sql(String sql) {
        JdbcClient.create(store.dataSource()).sql(sql).update();
    }
}
