package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.longspan.store.work.WorkKind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The overview in a {@link RealBrowser}; skipped where there is none. */
final class RealBrowserTest {
    @TempDir private static Path folder;

    private static RealBrowser real;
    private static ConsoleUnderTest console;
    private static Filled filled;

    private final List<String> complaints = new ArrayList<>();
    private final List<BrowserContext> contexts = new ArrayList<>();

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
        Page page = loggedIn(RealBrowser.desktop());
        page.locator("#curve canvas").waitFor();
        assertThat(paintedPixels(page)).isGreaterThan(1000);
        assertThat(lastStepShown(page)).isEqualTo("420");
        RealBrowser.picture(page, "admin-light");
        for (long step = 421; step <= 480; step++) {
            filled.step(step);
        }
        page.waitForCondition(() -> lastStepShown(page).equals("480"), RealBrowser.patience());
        page.waitForCondition(
                () -> page.locator("#training .facts").innerText().contains("480 / 3,000"),
                RealBrowser.patience());
        assertThat(page.locator("#curve svg").count()).isZero();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aCloserLookStandsInTheAddressAndSurvivesAReload() {
        Page page = loggedIn(RealBrowser.desktop().setColorScheme(ColorScheme.DARK));
        page.locator("#curve canvas").waitFor();
        RealBrowser.picture(page, "admin-dark");
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
        Page page = loggedIn(RealBrowser.desktop());
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
            page.waitForCondition(() -> !asOf(page).equals(asOf), RealBrowser.patience());
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
        Page page = loggedIn(RealBrowser.desktop().setJavaScriptEnabled(false));
        assertThat(page.locator("#curve svg polyline.loss").boundingBox().width).isGreaterThan(200);
        assertThat(page.locator("canvas").count()).isZero();
        assertThat(page.locator("#runs tbody tr").count()).isEqualTo(2);
        RealBrowser.picture(page, "admin-no-script");
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
        RealBrowser.picture(page, "admin-phone");
        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(390);
        assertThat(complaints).isEmpty();
    }

    @Test
    void aDatabaseThatGoesAwayIsSaidInABannerThatLeavesByItself() throws SQLException {
        Page page = loggedIn(RealBrowser.desktop());
        page.locator("#curve canvas").waitFor();
        assertThat(page.locator("#banner").isVisible()).isFalse();
        console.databaseAway();
        try {
            page.locator("#banner:visible").waitFor();
            page.waitForCondition(
                    () -> page.locator("#banner").innerText().contains("does not answer"),
                    RealBrowser.patience());
            assertThat(page.locator("#models").innerText()).contains("longformer-books");
            RealBrowser.picture(page, "admin-away");
        } finally {
            console.databaseBack();
        }
        page.waitForCondition(() -> !page.locator("#banner").isVisible(), RealBrowser.patience());
    }

    private Page loggedIn(com.microsoft.playwright.Browser.NewContextOptions options) {
        BrowserContext context = real.context(options);
        contexts.add(context);
        return real.login(context, "otto", ConsoleUnderTest.PASSWORD, complaints);
    }

    /** What the legend says with the pointer at the right end of the plot. */
    private static String lastStepShown(Page page) {
        BoundingBox plot = page.locator("#curve .u-over").boundingBox();
        page.mouse().move(plot.x + plot.width / 2, plot.y + 40);
        page.mouse().move(plot.x + plot.width - 1, plot.y + 40);
        Locator step = page.locator("#curve .u-legend .u-value").first();
        page.waitForCondition(() -> !step.innerText().contains("–"), RealBrowser.patience());
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
}
