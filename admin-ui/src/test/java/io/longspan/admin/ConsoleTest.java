package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.admin.access.InitialPassword;
import io.longspan.store.audit.AuditRow;
import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunState;
import io.longspan.store.user.ConsoleUser;
import io.longspan.store.work.WorkKind;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.core.userdetails.UserDetailsService;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The console over HTTP. */
final class ConsoleTest {
    @TempDir private static Path folder;

    private static ConsoleUnderTest console;
    private static Filled filled;

    @BeforeAll
    static void start() {
        console = ConsoleUnderTest.start(folder);
        filled = Filled.of(console.store());
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void processesLive() {
        filled.nodes();
    }

    @Test
    void withoutALoginThePageLeadsToTheLoginAndTheInterfaceSaysSo() {
        try (Browser stranger = new Browser(console.address())) {
            HttpResponse<String> page = stranger.get("/");
            assertThat(page.statusCode()).isEqualTo(302);
            assertThat(Browser.location(page)).endsWith("/login");
            for (String path :
                    List.of("overview", "runs", "runs/1", "runs/1/metrics", "work", "inferences")) {
                HttpResponse<String> answer = stranger.get("/api/v1/" + path);
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(json(answer).path("error").asString()).contains("log in at /login");
            }
            assertThat(stranger.get("/fragments/overview", "HX-Request", "true").statusCode())
                    .isEqualTo(401);
            assertThat(stranger.get("/error").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void aWrongPasswordIsRefusedAndTheRightOneLeadsToThePageAskedFor() {
        try (Browser browser = new Browser(console.address())) {
            assertThat(Browser.location(browser.login("admin", "wrong"))).endsWith("/login?wrong");
            assertThat(browser.get("/login?wrong").body())
                    .contains("User name or password is wrong.");
            assertThat(browser.get("/").statusCode()).isEqualTo(302);

            browser.get("/?run=" + filled.endedRun);
            HttpResponse<String> right = browser.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            assertThat(Browser.location(right)).endsWith("/?run=" + filled.endedRun);
            assertThat(browser.get("/").body()).contains("admin").contains("Log out");

            browser.post("/logout", "_csrf=" + browser.token("/"));
            assertThat(browser.get("/").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void afterFiveFailuresOfAUserEvenTheRightPasswordHasToWait() {
        console.store()
                .users()
                .put(
                        new ConsoleUser(
                                "lara",
                                console.store().users().find("vera").orElseThrow().passwordHash(),
                                "VIEWER"));
        try (Browser browser = new Browser(console.address())) {
            for (int i = 0; i < 5; i++) {
                assertThat(Browser.location(browser.login("lara", "guess"))).endsWith("?wrong");
            }
            String next = Browser.location(browser.login("lara", ConsoleUnderTest.PASSWORD));
            assertThat(next).matches(".*/login\\?wait=([1-9]|10)");
            assertThat(browser.get("/login?wait=9").body()).contains("Wait <strong>9</strong> s");
        }
        // Somebody else at the same address is not held up.
        Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD).close();
    }

    @Test
    void everyAnswerCarriesTheHeadersThatGuardIt() {
        try (Browser browser = new Browser(console.address())) {
            HttpResponse<String> page = browser.get("/login");
            Map<String, List<String>> headers = page.headers().map();
            assertThat(headers.get("content-security-policy"))
                    .singleElement()
                    .asString()
                    .startsWith("default-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.get("x-frame-options")).containsExactly("DENY");
            assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
            assertThat(headers.get("referrer-policy")).containsExactly("same-origin");
            assertThat(headers.get("set-cookie"))
                    .singleElement()
                    .asString()
                    .startsWith("LONGSPAN_FORM=")
                    .contains("HttpOnly")
                    .contains("SameSite=Strict");
            assertThat(
                            browser.login("vera", ConsoleUnderTest.PASSWORD)
                                    .headers()
                                    .allValues("set-cookie"))
                    .anySatisfy(cookie ->
                            assertThat(cookie)
                                    .startsWith("LONGSPAN_SESSION=")
                                    .contains("HttpOnly")
                                    .contains("SameSite=Strict"));
            assertThat(page.body())
                    .doesNotContain("<style")
                    .doesNotContain(" style=")
                    .doesNotContain("<script");
        }
    }

    @Test
    void eachSectionShowsWhatIsStored() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            String page = vera.get("/").body();
            assertThat(section(page, "processes"))
                    .contains("serve,admin", "grpc 127.0.0.1:9090", "4711", "4712", "0.1.0");
            assertThat(section(page, "work"))
                    .contains(
                            "realnews into",
                            "worker-2",
                            "STOPPING",
                            "14 %",
                            "420 / 3,000",
                            "7 / 27")
                    .contains(
                            "step 420, 31,200 tokens/s", "does not exist; name a file or a folder");
            assertThat(section(page, "data-sets"))
                    .contains(
                            "17,868",
                            "232",
                            "1,105,264,713",
                            "12",
                            "READY",
                            "BUILDING",
                            "/data/sets/books");
            assertThat(section(page, "runs"))
                    .contains(
                            "tiny-warm-up",
                            "FAILED",
                            "the disk of",
                            "420 / 3,000",
                            "10.8712",
                            "10.0731");
            assertThat(section(page, "models"))
                    .contains(
                            "longformer-books",
                            "2026-11-23.1",
                            "148,659,456",
                            "4,096",
                            "run " + filled.endedRun);
            assertThat(section(page, "backends"))
                    .contains(
                            "no NVIDIA driver",
                            "CHOSEN",
                            "UNAVAILABLE",
                            "plugins/broken.jar",
                            "asked for");
            assertThat(section(page, "inferences"))
                    .contains(
                            filled.goodCall.toString(),
                            filled.badCall.toString(),
                            "longspan.v1.Inference/Embed",
                            ">Embed<",
                            ">1.2<")
                    .contains("INVALID_ARGUMENT", "text has 5,000 tokens");
            assertThat(section(page, "training"))
                    .contains(
                            "longformer-base-4096",
                            "<svg",
                            "<polyline class=\"loss\"",
                            "<polyline class=\"held-out\"");
        }
    }

    @Test
    void namesAreShownAsTextNeverAsMarkup() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            for (String path : List.of("/", "/fragments/overview")) {
                String page = vera.get(path).body();
                assertThat(page).doesNotContain(Filled.EVIL);
                for (String id :
                        List.of(
                                "processes",
                                "work",
                                "data-sets",
                                "runs",
                                "models",
                                "inferences",
                                "training")) {
                    assertThat(section(page, id)).as(path + " " + id).contains(Filled.EVIL_ESCAPED);
                }
            }
        }
    }

    @Test
    void theChosenRunAndItsStepsStandInTheAddress() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            assertThat(section(vera.get("/?run=" + filled.endedRun).body(), "training"))
                    .contains("tiny-warm-up", "Follow the latest run");
            assertThat(section(vera.get("/?run=999999").body(), "training"))
                    .contains("does not exist", "longformer-base-4096");
            assertThat(section(vera.get("/?from=100&to=120").body(), "training"))
                    .contains(">110</text>", "Show all steps")
                    .doesNotContain(">0</text>");
        }
    }

    @Test
    void anActionWithoutTheFormsTokenIsRefused() {
        try (Browser otto = Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD)) {
            HttpResponse<String> answer = otto.post("/work/" + filled.running + "/stop", "");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(state(filled.running)).isEqualTo("RUNNING");
        }
    }

    @Test
    void aViewerSeesNoActionsAndMayNotTakeThem() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            assertThat(vera.get("/").body()).doesNotContain("/stop").doesNotContain("/restart");
            HttpResponse<String> answer =
                    vera.post("/work/" + filled.running + "/stop", "_csrf=" + vera.token("/"));
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).doesNotContain("Exception");
            assertThat(state(filled.running)).isEqualTo("RUNNING");
        }
    }

    @Test
    void anOperatorStopsAndRestartsAndBothAreAudited() {
        long id = console.store().work().submit(WorkKind.INGEST, "to be stopped", "{}", "test");
        try (Browser otto = Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD)) {
            HttpResponse<String> stopped =
                    otto.post("/work/" + id + "/stop", "_csrf=" + otto.token("/"));
            assertThat(stopped.statusCode()).isEqualTo(302);
            assertThat(state(id)).isEqualTo("STOPPED");
            assertThat(otto.get("/").body()).contains("Request " + id + " is asked to stop.");

            otto.post("/work/" + id + "/stop", "_csrf=" + otto.token("/"));
            assertThat(otto.get("/").body()).contains("there is nothing to stop");

            otto.post("/work/" + id + "/restart", "_csrf=" + otto.token("/"));
            assertThat(state(id)).isEqualTo("QUEUED");
            assertThat(otto.post("/work/999999/stop", "_csrf=" + otto.token("/")).statusCode())
                    .isEqualTo(404);
        }
        List<AuditRow> deeds =
                console.store().audit().list(100).stream()
                        .filter(d -> d.subject().equals("work_request " + id))
                        .toList();
        assertThat(deeds).extracting(AuditRow::actor).containsOnly("otto");
        assertThat(deeds).extracting(AuditRow::action).containsExactly("work.restart", "work.stop");
        assertThat(deeds.getLast().detail()).get().asString().contains("to be stopped", "QUEUED");
    }

    @Test
    void metricsAreAskedForPieceByPiece() {
        long run =
                console.store()
                        .runs()
                        .begin(
                                new NewRun(
                                        "pieces",
                                        "masked-lm",
                                        "{}",
                                        "/data/runs/pieces",
                                        "/d",
                                        "loop",
                                        "1",
                                        9));
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            String path = "/api/v1/runs/" + run + "/metrics";
            assertThat(json(vera.get(path)).path("loss").size()).isZero();
            console.store().runs().metric(run, new Metric(Metric.HELD_OUT_LOSS, 0, 5));
            console.store().runs().metric(run, new Metric(Metric.LOSS, 1, Double.NaN));
            console.store().runs().metric(run, new Metric(Metric.LOSS, 2, 4.5));
            JsonNode all = json(vera.get(path));
            assertThat(all.path("heldOut").path(0).path("value").asDouble()).isEqualTo(5);
            assertThat(all.path("loss").size()).isEqualTo(2);
            assertThat(all.path("loss").path(0).path("value").isNull()).isTrue();
            assertThat(all.path("totalSteps").asLong()).isEqualTo(9);
            assertThat(all.path("state").asString()).isEqualTo("RUNNING");
            JsonNode later = json(vera.get(path + "?after=1"));
            assertThat(later.path("loss").size()).isEqualTo(1);
            assertThat(later.path("loss").path(0).path("step").asLong()).isEqualTo(2);
            assertThat(later.path("heldOut").size()).isZero();
        } finally {
            console.store().runs().end(run, RunState.DONE, "");
        }
    }

    @Test
    void theInterfaceGivesTheFactsOfThePage() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            JsonNode overview = json(vera.get("/api/v1/overview"));
            assertThat(overview.path("nodes").size()).isEqualTo(2);
            assertThat(overview.path("inferenceCount").asLong()).isEqualTo(12);
            assertThat(overview.path("backends").path(0).path("chosen").asString())
                    .isEqualTo("chunks");
            JsonNode run = json(vera.get("/api/v1/runs/" + filled.liveRun));
            assertThat(run.path("config").path("seed").asInt()).isEqualTo(17);
            assertThat(run.path("firstLoss").asDouble()).isEqualTo(10.0731);
            assertThat(run.path("startedAt").asString()).endsWith("Z");
            JsonNode bad = json(vera.get("/api/v1/inferences?status=INVALID_ARGUMENT"));
            assertThat(bad.size()).isEqualTo(1);
            assertThat(bad.path(0).path("id").asString()).isEqualTo(filled.badCall.toString());
            assertThat(json(vera.get("/api/v1/work?limit=1")).size()).isEqualTo(1);
        }
    }

    @Test
    void mistakesOfCallersAreSentences() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            HttpResponse<String> missing = vera.get("/api/v1/runs/999999/metrics");
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(json(missing).path("error").asString()).contains("'999999' does not exist");
            HttpResponse<String> word = vera.get("/api/v1/runs/1/metrics?after=soon");
            assertThat(word.statusCode()).isEqualTo(400);
            assertThat(json(word).path("error").asString())
                    .isEqualTo("parameter 'after' is 'soon'; it must be a whole number");
            assertThat(json(vera.get("/api/v1/work?limit=0")).path("error").asString())
                    .contains("1 to 1000");
            assertThat(json(vera.get("/api/v1/inferences?id=7")).path("error").asString())
                    .contains("UUID");
            HttpResponse<String> page = vera.get("/?run=soon", "Accept", "text/html");
            assertThat(page.statusCode()).isEqualTo(400);
            assertThat(page.body()).contains("whole numbers").doesNotContain("Exception");
            assertThat(vera.get("/nothing", "Accept", "text/html").body())
                    .contains("There is nothing at this address");
        }
    }

    @Test
    void aDatabaseThatIsAwayIsSaidAndComesBackByItself() throws SQLException {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            console.databaseAway();
            try {
                HttpResponse<String> page = vera.get("/", "Accept", "text/html");
                assertThat(page.statusCode()).isEqualTo(503);
                assertThat(page.body())
                        .contains("The database does not answer", "http-equiv=\"refresh\"")
                        .doesNotContain("Exception");
                assertThat(vera.get("/fragments/overview", "HX-Request", "true").statusCode())
                        .isEqualTo(503);
                HttpResponse<String> answer = vera.get("/api/v1/overview");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(json(answer).path("error").asString())
                        .contains("the database does not answer");
                try (Browser late = new Browser(console.address())) {
                    assertThat(Browser.location(late.login("vera", ConsoleUnderTest.PASSWORD)))
                            .endsWith("/login?away");
                }
            } finally {
                console.databaseBack();
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> vera.get("/").statusCode() == 200);
        }
    }

    @Test
    void bootMakesNoUserOfItsOwn() {
        assertThat(console.context().getBeansOfType(UserDetailsService.class)).isEmpty();
        assertThat(console.context().getBean(InitialPassword.class).value()).isEmpty();
    }

    private static String state(long id) {
        return console.store().work().find(id).orElseThrow().state().name();
    }

    private static String section(String page, String id) {
        int start = page.indexOf("id=\"" + id + "\"");
        assertThat(start).as("section " + id).isPositive();
        return page.substring(start, page.indexOf("</section>", start));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT))
                .startsWith("application/json");
        return JsonMapper.shared().readTree(answer.body());
    }
}
