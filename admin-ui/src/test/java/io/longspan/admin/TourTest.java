package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private static final double PATIENCE_MS = 30_000;

    @TempDir private static Path folder;

    private static Playwright playwright;
    private static com.microsoft.playwright.Browser browser;
    private static ConsoleUnderTest console;
    private static Filled filled;

    @BeforeAll
    static void start() {
        Optional<Path> program = RealBrowserTest.browserProgram();
        assumeTrue(program.isPresent(), "none of " + RealBrowserTest.NAMES + " is on the PATH");
        playwright = Playwright.create();
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program.orElseThrow())
                                        .setHeadless(true));
        console = ConsoleUnderTest.start(folder);
        filled = Filled.of(console.store());
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
        if (console != null) {
            console.close();
        }
    }

    @Test
    void aNewcomerLaunchesWatchesAndFindsHerWay() {
        List<String> complaints = new ArrayList<>();
        try (BrowserContext context = context(true, ColorScheme.LIGHT)) {
            Page page = login(context, "otto", ConsoleUnderTest.PASSWORD, complaints);
            page.locator("nav >> text=Jobs").click();
            page.locator("text=Launch an ingest").first().click();
            page.locator("#field-source").fill("/data/tour");
            page.locator("#field-out").fill("/data/sets/tour");
            page.locator("#field-tokenizer").fill("/data/tokenizer");
            page.locator("#field-name").fill("tour");
            picture(page, "launch");
            page.locator("form.form button").click();
            page.locator("text=is queued").waitFor();

            WorkRow held = takeTour();
            console.store().work().beat(held, 3, 12, "shard 4 of 12");
            page.locator("#job >> text=shard 4 of 12").waitFor();
            picture(page, "job");
            console.store().work().failed(held, "the disk is full; free some space and restart");
            page.locator("#job >> text=the disk is full").waitFor();
            page.getByText("Restart", new Page.GetByTextOptions().setExact(true)).click();
            page.locator("#job >> text=QUEUED").waitFor();
            assertThat(console.store().work().find(held.id()).orElseThrow().state().name())
                    .isEqualTo("QUEUED");

            page.navigate(console.address() + "/runs/" + filled.liveRun);
            page.locator("#curves canvas").waitFor();
            picture(page, "run");
            page.navigate(console.address() + "/inferences");
            page.locator("#calls >> text=" + filled.goodCall).first().click();
            page.locator("text=Where the time went").waitFor();
            picture(page, "inference");
        }
        assertThat(complaints).isEmpty();
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
                        login(context, "admin", ConsoleUnderTest.ADMIN_PASSWORD, new ArrayList<>());
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
                        picture(
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
            Page page = login(context, "admin", ConsoleUnderTest.ADMIN_PASSWORD, new ArrayList<>());
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
                new com.microsoft.playwright.Browser.NewContextOptions()
                        .setViewportSize(1440, 900)
                        .setJavaScriptEnabled(script);
        if (scheme == ColorScheme.DARK) {
            // Light is what a context is; its name, lower-cased in Turkish, would be refused.
            options.setColorScheme(scheme);
        }
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MS);
        return context;
    }

    private static Page login(
            BrowserContext context, String name, String password, List<String> complaints) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(console.address() + "/");
        page.getByLabel("User name").fill(name);
        page.getByLabel("Password").fill(password);
        page.getByText("Log in").last().click();
        page.locator("footer").waitFor();
        return page;
    }

    private static void picture(Page page, String name) {
        String pictures = System.getProperty("admin.screenshots");
        if (pictures != null) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(pictures, name + ".png")));
        }
    }
}
