package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A newcomer's way through the console in the system's own Chromium, and the rules of axe-core on
 * every page. With {@code -Dadmin.screenshots=FOLDER} it leaves pictures there.
 */
final class TourTest {
    private static final Duration DEAD = Duration.ofMinutes(1);

    @TempDir private static Path folder;

    private static RealBrowser real;
    private static ConsoleUnderTest console;
    private static Filled filled;

    @BeforeAll
    static void start() {
        real = RealBrowser.start(folder);
        console = real.console;
        filled = real.filled;
    }

    @AfterAll
    static void stop() {
        if (real != null) {
            real.close();
        }
    }

    @Test
    void aNewcomerLaunchesWatchesAndFindsHerWay() {
        List<String> complaints = new ArrayList<>();
        try (BrowserContext context = context(true, ColorScheme.LIGHT)) {
            Page page = real.login(context, "otto", ConsoleUnderTest.PASSWORD, complaints);
            page.locator("nav >> text=Jobs").click();
            page.locator("text=Launch an ingest").first().click();
            page.locator("#field-source").fill("/data/tour");
            page.locator("#field-out").fill("/data/sets/tour");
            page.locator("#field-tokenizer").fill("/data/tokenizer");
            page.locator("#field-name").fill("tour");
            RealBrowser.picture(page, "launch");
            page.locator("form.form button").click();
            page.locator("text=is queued").waitFor();

            WorkRow held = takeTour();
            console.store().work().beat(held, 3, 12, "shard 4 of 12");
            page.locator("#job >> text=shard 4 of 12").waitFor();
            RealBrowser.picture(page, "job");
            console.store().work().failed(held, "the disk is full; free some space and restart");
            page.locator("#job >> text=the disk is full").waitFor();
            page.getByText("Restart", new Page.GetByTextOptions().setExact(true)).click();
            page.locator("#job >> text=QUEUED").waitFor();
            assertThat(console.store().work().find(held.id()).orElseThrow().state().name())
                    .isEqualTo("QUEUED");

            page.navigate(console.address() + "/runs/" + filled.liveRun);
            page.locator("#curves canvas").waitFor();
            RealBrowser.picture(page, "run");
            page.navigate(console.address() + "/inferences");
            page.locator("#calls >> text=" + filled.goodCall).first().click();
            page.locator("text=Where the time went").waitFor();
            RealBrowser.picture(page, "inference");
        }
        assertThat(complaints).isEmpty();
    }

    /** From asking the model to serving another version of it. */
    @Test
    void aNewcomerAsksTheModelAndSwitchesItsAlias() throws IOException {
        NamedModels names = new NamedModels();
        names.loaded.put("news 1", "/m/1");
        names.loaded.put("news 2", "/m/2");
        names.current.put("news", "2");
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new CharacterModel())
                        .addService(names)
                        .build()
                        .start();
        List<String> complaints = new ArrayList<>();
        try (BrowserContext context = context(true, ColorScheme.LIGHT)) {
            TestRows.server(console.store(), 11, "grpc 127.0.0.1:" + server.getPort());
            Page page = real.login(context, "otto", ConsoleUnderTest.PASSWORD, complaints);
            page.locator("nav >> text=Playground").click();
            page.locator("select[name=target]").selectOption("127.0.0.1:" + server.getPort());
            page.locator("select[name=task]").selectOption("FILL_MASK");
            page.locator("textarea[name=text]").fill("The <mask> stood by the sea");
            page.locator("main form button[type=submit]").first().click();
            page.locator("text=guess of 27").waitFor();
            RealBrowser.picture(page, "playground");

            page.navigate(console.address() + "/models/served");
            page.getByLabel("Serve version 1 as news").click();
            page.waitForCondition(
                    () -> "1".equals(names.current.get("news")), RealBrowser.patience());
            page.getByLabel("Serve version 2 as news").waitFor();
            RealBrowser.picture(page, "served");
        } finally {
            server.shutdownNow();
            console.store().nodes().end(new UUID(0, 11));
        }
        assertThat(complaints).isEmpty();
        assertThat(console.store().audit().list(3).toString()).contains("alias.set", "otto");
    }

    private static WorkRow takeTour() {
        for (int i = 0; i < 20; i++) {
            WorkRow row =
                    console.store()
                            .work()
                            .take("tour", Set.of(WorkKind.values()), DEAD)
                            .orElseThrow();
            if (row.title().equals("ingest tour")) {
                return row;
            }
            console.store().work().stopped(row, "not this one");
        }
        throw new IllegalStateException("the launched request is not in the queue");
    }

    @Test
    void everyPageKeepsTheRulesOfAccessibilityInBothSchemes() throws IOException {
        String axe = axe();
        List<String> broken = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (BrowserContext context = context(true, scheme)) {
                Page page =
                        real.login(
                                context,
                                "admin",
                                ConsoleUnderTest.ADMIN_PASSWORD,
                                new ArrayList<>());
                for (String path : paths()) {
                    filled.nodes();
                    page.navigate(console.address() + path);
                    page.locator("footer").waitFor();
                    page.evaluate(axe);
                    // The schemes differ in colours only.
                    String rules =
                            scheme == ColorScheme.LIGHT
                                    ? "['wcag2a', 'wcag2aa']"
                                    : "['color-contrast', 'link-in-text-block']";
                    Object found =
                            page.evaluate(
                                    "async () => (await axe.run(document, {runOnly: "
                                            + rules
                                            + "})).violations"
                                            + ".map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))");
                    ((List<?>) found).forEach(v -> broken.add(scheme + " " + path + " " + v));
                    if (scheme == ColorScheme.LIGHT) {
                        RealBrowser.picture(
                                page,
                                "page" + path.replaceAll("[^a-z]+", "-").replaceAll("-$", ""));
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageIsReadableWithoutAScript() {
        try (BrowserContext context = context(false, ColorScheme.LIGHT)) {
            Page page =
                    real.login(
                            context, "admin", ConsoleUnderTest.ADMIN_PASSWORD, new ArrayList<>());
            for (String path : paths()) {
                page.navigate(console.address() + path);
                assertThat(page.locator("h1").count()).as(path).isEqualTo(1);
                assertThat(page.locator("main").innerText()).as(path).isNotBlank();
                assertThat(page.locator("canvas").count()).as(path).isZero();
            }
            page.navigate(console.address() + "/runs/" + filled.liveRun);
            assertThat(page.locator("#curves svg polyline").first().boundingBox().width)
                    .isGreaterThan(200);
        }
    }

    private static List<String> paths() {
        return List.of(
                "/",
                "/jobs",
                "/jobs/" + filled.failed,
                "/jobs/new?kind=TRAIN",
                "/schedules",
                "/corpora",
                "/corpora/1",
                "/runs",
                "/runs/" + filled.liveRun,
                "/runs/compare?run=" + filled.liveRun + "&run=" + filled.endedRun,
                "/models",
                "/models/longformer-books",
                "/models/served",
                "/backends",
                "/backends/pattern",
                "/playground",
                "/inferences",
                "/inferences/" + filled.goodCall,
                "/keys",
                "/users",
                "/audit",
                "/system",
                "/account");
    }

    private static String axe() throws IOException {
        try (InputStream script = TourTest.class.getResourceAsStream("/axe.min.js")) {
            assertThat(script).as("axe.min.js of the axe-core jar").isNotNull();
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static BrowserContext context(boolean script, ColorScheme scheme) {
        com.microsoft.playwright.Browser.NewContextOptions options =
                RealBrowser.desktop().setJavaScriptEnabled(script);
        if (scheme == ColorScheme.DARK) {
            // Light is what a context is; its name, lower-cased in Turkish, would be refused.
            options.setColorScheme(scheme);
        }
        return real.context(options);
    }
}
