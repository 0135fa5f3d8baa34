package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.longspan.store.work.WorkKind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in the system's own Chromium or Chrome; skipped where there is none. With {@code
 * -Dadmin.screenshots=FOLDER} it leaves pictures of the page there.
 */
final class RealBrowserTest {
    static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final double PATIENCE_MS = 30_000;

    @TempDir private static Path folder;

    private static Playwright playwright;
    private static com.microsoft.playwright.Browser browser;
    private static ConsoleUnderTest console;
    private static Filled filled;

    private final List<String> complaints = new ArrayList<>();
    private final List<BrowserContext> contexts = new ArrayList<>();

    @BeforeAll
    static void start() {
        Optional<Path> program = browserProgram();
        assumeTrue(program.isPresent(), "none of " + NAMES + " is on the PATH");
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

    @BeforeEach
    void processesLive() {
        filled.nodes();
    }

    @AfterEach
    void closeContexts() {
        contexts.forEach(BrowserContext::close);
    }

    @Test
    void theLossCurveIsDrawnAndGrowsWhileTheRunGoesOn() {
        Page page = loggedIn(desktop());
        page.locator("#curve canvas").waitFor();
        assertThat(paintedPixels(page)).isGreaterThan(1000);
        assertThat(lastStepShown(page)).isEqualTo("420");
        picture(page, "admin-light");
        for (long step = 421; step <= 480; step++) {
            filled.step(step);
        }
        page.waitForCondition(() -> lastStepShown(page).equals("480"), patience());
        page.waitForCondition(
                () -> page.locator("#training .facts").innerText().contains("480 / 3,000"),
                patience());
        assertThat(page.locator("#curve svg").count()).isZero();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aCloserLookStandsInTheAddressAndSurvivesAReload() {
        Page page = loggedIn(desktop().setColorScheme(ColorScheme.DARK));
        page.locator("#curve canvas").waitFor();
        picture(page, "admin-dark");
        BoundingBox plot = page.locator("#curve .u-over").boundingBox();
        page.mouse().move(plot.x + plot.width * 0.25, plot.y + 50);
        page.mouse().down();
        page.mouse()
                .move(plot.x + plot.width * 0.5, plot.y + 60, new Mouse.MoveOptions().setSteps(6));
        page.mouse().up();
        page.waitForURL(Pattern.compile(".*[?&]from=\\d+&to=\\d+"));
        String shown = lastStepShown(page);
        assertThat(Integer.parseInt(shown)).isBetween(190, 260);
        page.reload();
        page.locator("#curve canvas").waitFor();
        assertThat(lastStepShown(page)).isEqualTo(shown);
        page.locator("#curve .u-over").dblclick();
        assertThat(page.url()).doesNotContain("from=");
        assertThat(Integer.parseInt(lastStepShown(page))).isGreaterThanOrEqualTo(420);
        assertThat(complaints).isEmpty();
    }

    @Test
    void newsDoNotDisturbTheReader() {
        Page page = loggedIn(desktop());
        page.locator("#curve canvas").waitFor();
        page.locator("#curve").evaluate("e => e.dataset.mark = 'same element'");
        page.locator("summary").click();
        page.locator("#work button").first().focus();
        page.evaluate("() => scrollTo(0, 260)");
        page.evaluate(
                "() => getSelection().selectAllChildren(document.querySelector('#models tbody td'))");
        Object before = readersPlace(page);
        String asOf = asOf(page);
        long id = console.store().work().submit(WorkKind.INGEST, "came later", "{}", "x");
        try {
            page.locator("#work", new Page.LocatorOptions().setHasText("came later")).waitFor();
            page.waitForCondition(() -> !asOf(page).equals(asOf), patience());
            assertThat(readersPlace(page)).isEqualTo(before);
            assertThat(page.locator("#curve").getAttribute("data-mark")).isEqualTo("same element");
            assertThat(complaints).isEmpty();
        } finally {
            console.store().work().requestStop(id);
        }
    }

    @Test
    void withoutAScriptThePageIsCompleteAndItsActionsWork() {
        long id = console.store().work().submit(WorkKind.INGEST, "by hand", "{}", "x");
        Page page = loggedIn(desktop().setJavaScriptEnabled(false));
        assertThat(page.locator("#curve svg polyline.loss").boundingBox().width).isGreaterThan(200);
        assertThat(page.locator("canvas").count()).isZero();
        assertThat(page.locator("#runs tbody tr").count()).isEqualTo(2);
        picture(page, "admin-no-script");
        page.getByLabel("Stop request " + id, new Page.GetByLabelOptions().setExact(true)).click();
        assertThat(page.locator(".notice").innerText()).contains("is asked to stop");
        assertThat(console.store().work().find(id).orElseThrow().state().name())
                .isEqualTo("STOPPED");
    }

    @Test
    void onAPhoneNothingSticksOutSideways() {
        com.microsoft.playwright.Browser.NewContextOptions phone =
                new com.microsoft.playwright.Browser.NewContextOptions()
                        .setViewportSize(390, 844)
                        .setDeviceScaleFactor(2)
                        .setHasTouch(true);
        Page page = loggedIn(phone);
        page.locator("#curve canvas").waitFor();
        picture(page, "admin-phone");
        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(390);
        assertThat(complaints).isEmpty();
    }

    @Test
    void aDatabaseThatGoesAwayIsSaidInABannerThatLeavesByItself() throws SQLException {
        Page page = loggedIn(desktop());
        page.locator("#curve canvas").waitFor();
        assertThat(page.locator("#banner").isVisible()).isFalse();
        console.databaseAway();
        try {
            page.locator("#banner:visible").waitFor();
            page.waitForCondition(
                    () -> page.locator("#banner").innerText().contains("does not answer"),
                    patience());
            assertThat(page.locator("#models").innerText()).contains("longformer-books");
            picture(page, "admin-away");
        } finally {
            console.databaseBack();
        }
        page.waitForCondition(() -> !page.locator("#banner").isVisible(), patience());
    }

    static Optional<Path> browserProgram() {
        return NAMES.stream()
                .flatMap(name ->
                        Stream.of(
                                        System.getenv()
                                                .getOrDefault("PATH", "")
                                                .split(File.pathSeparator))
                                .filter(part -> !part.isBlank())
                                .map(part -> Path.of(part, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Light, which is what a context is unless told otherwise. */
    private static com.microsoft.playwright.Browser.NewContextOptions desktop() {
        return new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(1440, 900);
    }

    private Page loggedIn(com.microsoft.playwright.Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        contexts.add(context);
        context.setDefaultTimeout(PATIENCE_MS);
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(console.address() + "/");
        page.getByLabel("User name").fill("otto");
        picture(page, "admin-login");
        page.getByLabel("Password").fill(ConsoleUnderTest.PASSWORD);
        page.getByText("Log in").last().click();
        page.locator("footer").waitFor();
        return page;
    }

    /** What the legend says with the pointer at the right end of the plot. */
    private static String lastStepShown(Page page) {
        BoundingBox plot = page.locator("#curve .u-over").boundingBox();
        page.mouse().move(plot.x + plot.width / 2, plot.y + 40);
        page.mouse().move(plot.x + plot.width - 1, plot.y + 40);
        Locator step = page.locator("#curve .u-legend .u-value").first();
        page.waitForCondition(() -> !step.innerText().contains("–"), patience());
        return step.innerText().replace(",", "");
    }

    private static int paintedPixels(Page page) {
        return ((Number)
                        page.locator("#curve canvas")
                                .evaluate(
                                        """
                                        c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data
                                              .filter((v, i) => i % 4 === 3 && v > 0).length
                                        """))
                .intValue();
    }

    private static Object readersPlace(Page page) {
        return page.evaluate(
                "() => [document.activeElement.getAttribute('aria-label'), scrollY, getSelection().toString(),"
                        + " document.querySelector('details').open]");
    }

    private static String asOf(Page page) {
        return page.locator(".figures time").innerText();
    }

    private static Page.WaitForConditionOptions patience() {
        return new Page.WaitForConditionOptions().setTimeout(PATIENCE_MS);
    }

    private static void picture(Page page, String name) {
        String pictures = System.getProperty("admin.screenshots");
        if (pictures != null) {
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(Path.of(pictures, name + ".png")));
        }
    }
}
