package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.schedule.ScheduleRow;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs, schedules and corpora over HTTP: the database changes, and the page with it. */
final class JobPagesTest {
    private static final Duration DEAD = Duration.ofMinutes(1);
    private static final String PAYLOAD =
            "{\"corpus\": \"text\", \"source\": \"/data/in\", \"out\": \"/data/out-1\","
                    + " \"tokenizer\": \"/data/tok\", \"name\": \"pages\", \"workers\": 3, \"shard_bytes\": 4096}";

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

    @BeforeEach
    void nothingWaits() {
        TestRows.jdbc(console.store())
                .sql("update work_request set state = 'STOPPED' where state = 'QUEUED'")
                .update();
    }

    @Test
    void aJobIsLaunchedByFormSeenWorkingAndAskedForAgain() {
        try (Browser otto = otto()) {
            String form =
                    "kind=INGEST&corpus=text&source=%2Fdata%2Fin&out=%2Fdata%2Fout-2&tokenizer=%2Fdata%2Ftok&name=launched&workers=3"
                            + "&more=%7B%22shard_bytes%22%3A4096%7D&_csrf="
                            + otto.token("/jobs/new?kind=INGEST");
            HttpResponse<String> sent = otto.post("/jobs", form);
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
            String page = Browser.location(sent).replaceFirst("^https?://[^/]*", "");
            WorkRow row = console.store().workSearch().last(WorkKind.INGEST).orElseThrow();
            assertThat(page).isEqualTo("/jobs/" + row.id());
            assertThat(row.requestedBy()).isEqualTo("otto");
            assertThat(row.payload()).contains("\"workers\": 3", "\"shard_bytes\": 4096");
            assertThat(otto.get(page).body()).contains("ingest launched", "QUEUED", "is queued");

            WorkRow held =
                    console.store().work().take("w-1", Set.of(WorkKind.INGEST), DEAD).orElseThrow();
            console.store().work().beat(held, 30, 120, "shard 4 of 9");
            assertThat(otto.get(page).body()).contains("25 %", "shard 4 of 9", "per second");
            console.store().work().failed(held, "the disk is full");
            assertThat(otto.get(page).body()).contains("FAILED", "the disk is full", "Restart");
            assertThat(otto.get("/jobs?state=FAILED&q=LAUNCHED").body())
                    .contains("ingest launched");
            assertThat(otto.get("/jobs?state=DONE").body()).doesNotContain("ingest launched");

            String again = otto.get("/jobs/new?kind=INGEST&same=" + row.id()).body();
            assertThat(again).contains("value=\"/data/out-2\"", "&quot;shard_bytes&quot; : 4096");
        }
    }

    @Test
    void aFormWithAMistakeComesBackWithItsWordsAndASentence() {
        try (Browser otto = otto()) {
            String token = otto.token("/jobs/new?kind=TRAIN");
            long before =
                    console.store().workSearch().counts().values().stream().mapToLong(n -> n).sum();
            HttpResponse<String> answer =
                    otto.post(
                            "/jobs",
                            "kind=TRAIN&model=%3Cb%3Em&data=d&output=o&steps=many&_csrf=" + token);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("must be a number", "&lt;b&gt;m")
                    .doesNotContain("<b>m");
            assertThat(
                            otto.post(
                                            "/jobs",
                                            "kind=TRAIN&model=m&data=d&output=o&more=%5B&_csrf="
                                                    + token)
                                    .body())
                    .contains("not valid JSON");
            assertThat(
                            console.store().workSearch().counts().values().stream()
                                    .mapToLong(n -> n)
                                    .sum())
                    .isEqualTo(before);
        }
    }

    @Test
    void stepsPartsAndStackTracesOfAnExecutionAreShown() {
        long id = console.store().work().submit(WorkKind.INGEST, "with steps", PAYLOAD, "x");
        try (Browser vera = vera()) {
            assertThat(vera.get("/jobs/" + id).body()).doesNotContain("java.io.IOException");
            TestRows.execution(
                    console.store(),
                    71,
                    "/data/out-1",
                    "java.io.IOException: <gone>\n\tat Reader.read(1)");
            String page = vera.get("/jobs/" + id).body();
            assertThat(page)
                    .contains(
                            "java.io.IOException: &lt;gone&gt;",
                            "lanes:partition7",
                            "<rect class=\"bad\"")
                    .contains(">1,234<")
                    .doesNotContain("<gone>");
        }
    }

    @Test
    void theListIsPagedByKeysThatStandInTheAddress() {
        for (int i = 0; i < 60; i++) {
            console.store().work().submit(WorkKind.TRAIN, "paged " + i + ".", "{}", "x");
        }
        try (Browser vera = vera()) {
            String first = vera.get("/jobs?q=paged").body();
            assertThat(first).contains("paged 59.").doesNotContain("paged 9.");
            java.util.regex.Matcher older =
                    java.util.regex.Pattern.compile("href=\"(/jobs\\?q=paged&amp;before=\\d+)\"")
                            .matcher(first);
            assertThat(older.find()).isTrue();
            assertThat(vera.get(older.group(1).replace("&amp;", "&")).body())
                    .contains("paged 9.", "To the newest")
                    .doesNotContain("paged 59.");
        }
    }

    @Test
    void schedulesShowTheirNextTimesInTheReadersZoneAndObey() {
        try (Browser otto = otto()) {
            String token = otto.token("/schedules");
            String form =
                    "name=nightly&cron=0+3+*+*+*&zone=UTC&overlap=SKIP&missed=LATEST&request=%7B%22out%22%3A%22x%22%7D&_csrf=";
            assertThat(otto.post("/schedules", form + token).statusCode()).isEqualTo(302);
            assertThat(otto.get("/schedules?zone=UTC").body()).contains("nightly", " 03:00:00");
            assertThat(otto.get("/schedules?zone=Asia/Kathmandu").body()).contains(" 08:45:00");
            otto.post("/schedules/nightly/pause", "_csrf=" + token);
            assertThat(otto.get("/schedules").body()).contains("PAUSED", "its times pass by");
            otto.post("/schedules/nightly/resume", "_csrf=" + token);
            assertThat(otto.get("/schedules").body()).contains("goes on");
            assertThat(schedule().paused()).isFalse();
            HttpResponse<String> ran = otto.post("/schedules/nightly/run", "_csrf=" + token);
            assertThat(Browser.location(ran))
                    .contains("/jobs/" + schedule().lastWork().orElseThrow());
            otto.post(
                    "/schedules/nightly/backfill",
                    "from=2026-01-01T00%3A00&until=2026-01-03T23%3A00&_csrf=" + token);
            assertThat(schedule().runs()).isEqualTo(4);
            assertThat(otto.get("/schedules").body()).contains("3 requests are queued.");
            HttpResponse<String> bad =
                    otto.post(
                            "/schedules",
                            form.replace("0+3+*", "nonsense+*").replace("nightly", "other")
                                    + token);
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(bad.body()).contains("nonsense").doesNotContain("Exception");
            otto.post("/schedules/nightly/delete", "_csrf=" + token);
            assertThat(console.store().schedules().find("nightly")).isEmpty();
            assertThat(console.store().audit().list(50))
                    .extracting(a -> a.action())
                    .contains(
                            "schedule.create",
                            "schedule.pause",
                            "schedule.run",
                            "schedule.backfill",
                            "schedule.delete");
        }
    }

    private static ScheduleRow schedule() {
        return console.store().schedules().find("nightly").orElseThrow();
    }

    @Test
    void aDataSetShowsItsManifestAndWhatItLedTo() {
        console.store().dataSets().begin("stories", "/data/stories", "stories", "beef");
        console.store().dataSets().progress("/data/stories", 900, 100, 90_000, 2);
        long id = console.store().dataSets().find("/data/stories").orElseThrow().id();
        try (Browser vera = vera()) {
            assertThat(vera.get("/corpora").body()).contains("stories", "90,000", "BUILDING");
            assertThat(vera.get("/corpora/" + id).body()).contains("No run has read it");
            console.store()
                    .dataSets()
                    .ready(
                            "/data/stories",
                            "{\"totals\": {\"read\": 1000, \"written\": 900, \"dropped\": {\"too-short\": 70, \"<i>\": 30}},"
                                    + " \"source\": {\"files\": 3, \"bytes\": 2097152}, \"settings\": {\"normalize\": \"paper\"},"
                                    + " \"shards\": [{\"name\": \"part-0\", \"documents\": 400, \"tokens\": 41234, \"files\": {\"bin\": {\"bytes\": 1024}}}]}");
            long run = TestRows.run(console.store(), "reader", "/runs/reader", "/data/stories");
            console.store()
                    .work()
                    .submit(WorkKind.INGEST, "made it", "{\"out\": \"/data/stories\"}", "x");
            String page = vera.get("/corpora/" + id).body();
            assertThat(page)
                    .contains(
                            "READY",
                            "too-short",
                            ">7 %<",
                            "41,234",
                            "1.0 KiB",
                            "2.0 MiB",
                            "paper",
                            "/runs/" + run)
                    .contains("&lt;i&gt;")
                    .doesNotContain("<i>");
            assertThat(vera.get("/corpora/99999").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void newsReachOpenPagesByOneStream() throws Exception {
        try (Browser vera = vera();
                java.util.stream.Stream<String> lines = vera.lines("/live/events")) {
            java.util.Iterator<String> stream = lines.iterator();
            assertThat(stream.next()).isEqualTo(":open");
            // The first look only learns what there is.
            Thread.sleep(2500);
            console.store().work().submit(WorkKind.INGEST, "news", "{}", "x");
            List<String> seen = new java.util.ArrayList<>();
            while (seen.stream().noneMatch(l -> l.equals("data:work"))) {
                seen.add(stream.next());
                assertThat(seen).hasSizeLessThan(20);
            }
        }
    }

    private static Browser otto() {
        return Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD);
    }

    private static Browser vera() {
        return Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD);
    }
}
