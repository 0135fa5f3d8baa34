package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.Manifest;
import io.longspan.corpus.ShardEntry;
import io.longspan.corpus.ShardWriter;
import io.longspan.corpus.TokenType;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.model.ModelRow;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunState;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs, models, inferences and patterns over HTTP: the database changes, and the page with it. */
final class RunPagesTest {
    @TempDir private static Path folder;

    private static ConsoleUnderTest console;

    @BeforeAll
    static void start() {
        console = ConsoleUnderTest.start(folder);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @Test
    void theTableHasTheColumnsThatAreChosen() {
        Store store = console.store();
        long run = TestRows.run(store, "chosen<b>", "/runs/chosen", "/data/x");
        store.runs().metric(run, new Metric(Metric.HELD_OUT_LOSS, 10, 5.25));
        store.runs().metric(run, new Metric(Metric.HELD_OUT_LOSS, 20, 4.125));
        store.runs().metric(run, new Metric(Metric.HELD_OUT_LOSS, 30, 4.5));
        store.runs().metric(run, new Metric("tokens_per_second", 30, 31_234));
        try (Browser vera = vera()) {
            String page = vera.get("/runs?q=CHOSEN").body();
            assertThat(page)
                    .contains("4.1250 @ 20", "4.5000", "chosen&lt;b&gt;")
                    .doesNotContain("31,234", "chosen<b>");
            String other = vera.get("/runs?q=chosen&col=speed&col=dataset").body();
            assertThat(other).contains("31,234", "/data/x").doesNotContain("4.1250");
            assertThat(vera.get("/runs?col=nothing", "Accept", "text/html").statusCode())
                    .isEqualTo(400);
            store.runs().end(run, RunState.FAILED, "diverged");
            assertThat(vera.get("/runs?state=FAILED").body()).contains("diverged");
            assertThat(vera.get("/runs?state=DONE").body()).doesNotContain("diverged");
        }
    }

    @Test
    void runsAreComparedByStepsTokensAndTimeWithWhatDiffers() {
        Store store = console.store();
        long one = run("one", "{\"seed\": 1, \"steps\": 9, \"tokens_per_step\": 100}");
        long two = run("two", "{\"seed\": 2, \"steps\": 9, \"tokens_per_step\": 1000}");
        for (int step = 1; step <= 4; step++) {
            store.runs().metric(one, new Metric(Metric.LOSS, step, 8.0 / step));
            store.runs().metric(two, new Metric(Metric.LOSS, step, 4.0 / step));
        }
        try (Browser vera = vera()) {
            String path = "/runs/compare?run=" + one + "&run=" + two + "&metric=loss";
            String page = vera.get(path).body();
            assertThat(page)
                    .contains(
                            "<polyline class=\"s0\"",
                            "<polyline class=\"s1\"",
                            ">seed</th>",
                            "1.0000 @ 4")
                    .doesNotContain(">steps</th>");
            assertThat(vera.get(path + "&all=true").body()).contains(">steps</th>");
            JsonNode steps = curves(vera, one, two, "step", 0);
            assertThat(steps.path("x").size()).isEqualTo(4);
            assertThat(steps.path("series").path(0).path("values").path(3).asDouble())
                    .isEqualTo(2.0);
            JsonNode tokens = curves(vera, one, two, "tokens", 0);
            assertThat(tokens.path("x").toString()).contains("400").contains("4000");
            // Half of the past: (8/4 + 4/2 ...) weighted by hand for the second point.
            JsonNode smooth = curves(vera, one, two, "step", 0.5);
            assertThat(smooth.path("series").path(0).path("values").path(1).asDouble())
                    .isCloseTo(
                            (0.25 * 8 + 0.5 * 4) / 0.75, org.assertj.core.data.Offset.offset(1e-9));
            assertThat(curves(vera, one, two, "time", 0).path("axis").asString()).isEqualTo("time");
            assertThat(vera.get("/api/v1/curves?run=1&metric=loss&smooth=1").statusCode())
                    .isEqualTo(400);
        }
    }

    private static JsonNode curves(Browser browser, long one, long two, String x, double smooth) {
        return JsonMapper.shared()
                .readTree(
                        browser.get(
                                        "/api/v1/curves?run="
                                                + one
                                                + "&run="
                                                + two
                                                + "&metric=loss&x="
                                                + x
                                                + "&smooth="
                                                + smooth)
                                .body());
    }

    private static long run(String name, String config) {
        long id = TestRows.run(console.store(), name, "/runs/" + name, "/data/compared");
        TestRows.jdbc(console.store())
                .sql("update training_run set config = cast(:c as jsonb) where id = :id")
                .param("c", config)
                .param("id", id)
                .update();
        return id;
    }

    @Test
    void aRunAndItsModelAndDataSetLeadToEachOther() throws Exception {
        Store store = console.store();
        store.dataSets().begin("lineage", "/data/lineage", "text", "ab");
        long run = TestRows.run(store, "teacher", "/runs/teacher", "/data/lineage");
        store.runs().checkpoint(run, 50, "/runs/teacher/step-50", "cafe");
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(
                model.resolve("config.json"),
                "{\"num_hidden_layers\": 3, \"num_attention_heads\": 2, \"attention_window\": [4, 8, 16]}");
        store.models()
                .register(
                        new ModelRow(
                                "pupil",
                                "7",
                                model.toString(),
                                "d00d",
                                "masked-lm",
                                "longformer",
                                12_345,
                                512,
                                OptionalLong.of(run),
                                Instant.EPOCH));
        try (Browser vera = vera()) {
            assertThat(vera.get("/runs/" + run).body())
                    .contains("step-50", "cafe", "pupil 7", ">lineage<", ">seed</th>");
            assertThat(vera.get("/models").body()).contains("pupil", "12,345");
            assertThat(vera.get("/models/pupil").body()).contains("teacher", "lineage", "d00d");
            String pattern = vera.get("/backends/pattern?model=pupil%407&layer=2").body();
            // 2 + 4 + 8 steps to each side.
            assertThat(pattern).contains("8 steps to the left and 8 to the right", ">14</td>");
            assertThat(vera.get("/models/nobody").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theSpansOfARunAreThoseOfItsNewestCheckpointOrElseOfItsModel() throws Exception {
        Path model = Files.createDirectories(folder.resolve("spans-model"));
        Files.writeString(
                model.resolve("config.json"),
                "{\"num_hidden_layers\": 1, \"num_attention_heads\": 4, \"attention_window\": [6]}");
        long run = run("spans", "{\"model\": \"" + model + "\"}");
        try (Browser vera = vera()) {
            assertThat(vera.get("/runs/" + run).body())
                    .contains("heads 0 to 3: 3 to the left, 3 to the right<");
            Path step = Files.createDirectories(folder.resolve("spans-step"));
            Files.writeString(
                    step.resolve("config.json"),
                    "{\"num_hidden_layers\": 2, \"num_attention_heads\": 3, \"causal\": true, \"attention_window\": [4, 8],"
                            + " \"attention_dilation_per_head\": [[1, 1, 1], [1, 1, 5]]}");
            console.store().runs().checkpoint(run, 5, step.toString(), "beef");
            assertThat(vera.get("/runs/" + run).body())
                    .contains(
                            "heads 0 to 2: 2 to the left, 0 to the right<",
                            "heads 0 to 1: 4 to the left, 0 to the right<",
                            "head 2: 20 to the left, 0 to the right, every 5th<",
                            "<td class=\"num\">22</td>");
            long other = run("no-spans", "{\"model\": \"/nowhere<b>\"}");
            assertThat(vera.get("/runs/" + other).body()).contains("Neither a checkpoint");
        }
    }

    @Test
    void lengthsOfDocumentsAreCountedFromTheIndex() throws Exception {
        Path set = Files.createDirectories(folder.resolve("lengths"));
        int[] lengths = {1, 2, 3, 4, 5, 6, 7, 40};
        try (ShardWriter writer = ShardWriter.create(set, "shard-0", 90, 2)) {
            for (int d = 0; d < lengths.length; d++) {
                writer.add(
                        new DocumentInfo(
                                "d" + d, "text", "d.txt", "", "", "", 1, 1, "ab".repeat(32)),
                        IntStream.generate(() -> 7).limit(lengths[d]).toArray());
            }
            ShardEntry entry = writer.finish();
            writer.publish();
            new Manifest(
                            "lengths",
                            "text",
                            new Manifest.Tokenizer("00".repeat(32), 90, 2),
                            TokenType.forVocabulary(90),
                            new TreeMap<>(),
                            new Manifest.Source(1, 1, "00".repeat(32)),
                            List.of(entry),
                            new Manifest.Totals(8, 8, new TreeMap<>(), writer.tokens()))
                    .write(set);
        }
        Store store = console.store();
        store.dataSets().begin("lengths", set.toString(), "text", "ab");
        long id = key(set.toString());
        try (Browser vera = vera()) {
            assertThat(vera.get("/corpora/" + id).body()).doesNotContain("id=\"lengths\"");
            manifest(id, Files.readString(set.resolve(Manifest.FILE)));
            // The separator counts: 2, 3 and 4 to 7 and 8 tokens, and 41.
            assertThat(vera.get("/corpora/" + id).body().replaceAll("\\s+", " "))
                    .contains(
                            "2 – 3</th><td class=\"num\">2</td>",
                            "4 – 7</th><td class=\"num\">4</td>",
                            "8 – 15</th><td class=\"num\">1</td>",
                            "16 – 31</th><td class=\"num\">0</td>",
                            "32 – 63</th><td class=\"num\">1</td>");
            Files.delete(set.resolve("shard-0.idx"));
            assertThat(vera.get("/corpora/" + id).body()).contains("The lengths cannot be read");
        }
    }

    private static long key(String folder) {
        return TestRows.jdbc(console.store())
                .sql("select id from data_set where folder = :folder")
                .param("folder", folder)
                .query(Long.class)
                .single();
    }

    private static void manifest(long id, String json) {
        TestRows.jdbc(console.store())
                .sql(
                        "update data_set set state = 'READY', manifest = cast(:m as jsonb) where id = :id")
                .param("m", json)
                .param("id", id)
                .update();
    }

    @Test
    void backendsAreTestedOneByOneAndWhatWasFoundIsKept() throws Exception {
        try (Browser vera = vera();
                Browser otto = Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD)) {
            assertThat(vera.get("/backends").body()).doesNotContain("/backends/check");
            String token = otto.token("/backends");
            assertThat(otto.post("/backends/check", "").statusCode()).isEqualTo(403);
            assertThat(vera.post("/backends/check", "_csrf=" + vera.token("/account")).statusCode())
                    .isEqualTo(403);
            assertThat(otto.post("/backends/check", "_csrf=" + token).statusCode()).isEqualTo(302);
            assertThat(otto.post("/backends/check", "_csrf=" + token).statusCode()).isEqualTo(400);
            assertThat(vera.get("/backends").body()).contains("a layer of 77 tokens", "3 left");
            console.probe.mayGoOn.release();
            until(() -> vera.get("/backends").body().contains("2 left"));
            assertThat(vera.get("/backends").body())
                    .contains("6 / 6", "2.5e-07", "1.25", "dilation: not it")
                    .doesNotContain("off by 0.5");
            console.probe.mayGoOn.release(2);
            until(() -> vera.get("/backends").body().contains("no such library"));
            until(() -> !vera.get("/backends").body().contains("id=\"checking\""));
            assertThat(vera.get("/backends").body())
                    .contains("by otto on", "causal: off by 0.5", "5 / 6", "bad&lt;b&gt;")
                    .doesNotContain("bad<b>");
            assertThat(vera.get("/api/v1/backends/checks").body())
                    .contains("\"backend\":\"good\"", "\"worst\":2.5E-7");
            console.store()
                    .audit()
                    .add(
                            "otto",
                            "backends.checked",
                            "host",
                            Optional.of(
                                    """
                                    {"host": "host", "by": "otto", "begun": "2026-01-01T00:00:00Z", "measured": "", "found": [],
                                     "left": ["last"], "note": "The test timed out in 'x'; restart this process."}
                                    """));
            assertThat(vera.get("/backends").body())
                    .contains("The test timed out in &#39;x&#39;; restart this process.");
        }
        assertThat(console.store().audit().list(5).toString())
                .contains("backends.check,", "backends.checked", "backends.check.failed");
    }

    private static void until(BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 200 && !holds.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(holds.getAsBoolean()).isTrue();
    }

    @Test
    void thePatternOfAPastedConfigurationIsDrawnKeyByKey() {
        String config =
                "{\"num_hidden_layers\": 2, \"num_attention_heads\": 2, \"causal\": true,"
                        + " \"attention_reach_per_head\": [[[3, 0], [1, 0]], [[2, 0], [5, 0]]], \"attention_dilation_per_head\": [[1, 1], [1, 3]]}";
        try (Browser vera = vera()) {
            String page =
                    vera.get(
                                    "/backends/pattern?tokens=8&globals=&layer=0&head=0&config="
                                            + encode(config))
                            .body();
            // Row 7 sees keys 4 to 7, each 64 wide: one run from 256, 256 long.
            assertThat(page)
                    .contains(
                            "<rect class=\"cell\" x=\"256\" y=\"448\" width=\"256\" height=\"64\"/>");
            // Layer 1: the widest head reaches 5 times 3, below it 3.
            assertThat(page).contains(">3</td>", ">18</td>");
            assertThat(vera.get("/backends/pattern?config=%7B%7D", "Accept", "text/html").body())
                    .contains("num_hidden_layers");
        }
    }

    @Test
    void inferencesAreFoundCountedAndTimed() {
        Instant now = Instant.now();
        for (int i = 1; i <= 100; i++) {
            console.store()
                    .inferences()
                    .add(
                            List.of(
                                    call(
                                            now.minusSeconds(i),
                                            "carla",
                                            i * 1_000_000L,
                                            i <= 10 ? "INTERNAL" : "OK")));
        }
        UUID one = call(now, "dora<i>", 5, "OK").id();
        InferenceRow row = call(now, "dora<i>", 5_000_000, "OK");
        console.store().inferences().add(List.of(row));
        try (Browser vera = vera()) {
            String page = vera.get("/inferences?caller=carla&window=15m").body();
            assertThat(page)
                    .contains(
                            "<dd>100</dd>",
                            "<dd>10</dd>",
                            "<dd>50.0</dd>",
                            "<dd>95.0</dd>",
                            "<dd>99.0</dd>",
                            "<polyline class=\"s2\"");
            assertThat(vera.get("/inferences?caller=carla&status=!OK&window=15m").body())
                    .contains("INTERNAL", "<dd>10</dd>");
            String dora = vera.get("/inferences?caller=dora%3Ci%3E").body();
            assertThat(dora)
                    .contains(row.id().toString(), "dora&lt;i&gt;")
                    .doesNotContain("dora<i>");
            assertThat(vera.get("/inferences/" + row.id()).body()).contains("5.0", "digest-of-it");
            assertThat(vera.get("/inferences/" + one).statusCode()).isEqualTo(404);
            String first = vera.get("/inferences?caller=carla").body();
            java.util.regex.Matcher older =
                    java.util.regex.Pattern.compile(
                                    "href=\"(/inferences\\?caller=carla&amp;after=[^\"]+)\"")
                            .matcher(first);
            assertThat(older.find()).isTrue();
            String second = vera.get(older.group(1).replace("&amp;", "&")).body();
            assertThat(ids(first)).hasSize(50).doesNotContainAnyElementsOf(ids(second));
            assertThat(vera.get("/api/v1/traffic?caller=carla").body()).contains("\"calls\":");
            HttpResponse<String> bad = vera.get("/inferences?window=9y", "Accept", "text/html");
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(bad.body()).contains("15m, 1h");
        }
    }

    private static List<String> ids(String page) {
        return java.util.regex.Pattern.compile("/inferences/([0-9a-f-]{36})")
                .matcher(page)
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    private static InferenceRow call(Instant at, String caller, long nanos, String status) {
        return new InferenceRow(
                UUID.randomUUID(),
                at,
                caller,
                "longspan.v1.Inference/Embed",
                "m",
                "1",
                "loop",
                "1",
                "fp32",
                10,
                1,
                2,
                3,
                nanos,
                1,
                status,
                "",
                "digest-of-it");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Browser vera() {
        return Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD);
    }
}
