package io.longspan.admin;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The system's own Chromium or Chrome before a console that has seen some work. With {@code
 * -Dadmin.screenshots=FOLDER} it leaves pictures there.
 */
final class RealBrowser implements AutoCloseable {
    static final double PATIENCE_MS = 30_000;

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;
    final ConsoleUnderTest console;
    final Filled filled;

    private RealBrowser(
            Playwright playwright,
            com.microsoft.playwright.Browser browser,
            ConsoleUnderTest console) {
        this.playwright = playwright;
        this.browser = browser;
        this.console = console;
        filled = Filled.of(console.store());
    }

    /** Starts both; the test is skipped where there is no browser. */
    static RealBrowser start(Path folder) {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "none of " + NAMES + " is on the PATH");
        Playwright playwright = Playwright.create();
        return new RealBrowser(
                playwright,
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program.orElseThrow())
                                        .setHeadless(true)),
                ConsoleUnderTest.start(folder));
    }

    private static Optional<Path> program() {
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
    static com.microsoft.playwright.Browser.NewContextOptions desktop() {
        return new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(1440, 900);
    }

    BrowserContext context(com.microsoft.playwright.Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MS);
        return context;
    }

    /**
     * The overview, for somebody who has logged in.
     *
     * @param complaints gets what the browser complains about
     */
    Page login(BrowserContext context, String name, String password, List<String> complaints) {
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

    static Page.WaitForConditionOptions patience() {
        return new Page.WaitForConditionOptions().setTimeout(PATIENCE_MS);
    }

    static void picture(Page page, String name) {
        String pictures = System.getProperty("admin.screenshots");
        if (pictures != null) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(pictures, name + ".png")));
        }
    }

    @Override
    public void close() {
        playwright.close();
        console.close();
    }
}
