package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The playground over a server whose answers follow from the question, a character being a token.
 */
final class PlaygroundTest {
    @TempDir private static Path folder;

    private static ConsoleUnderTest console;
    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new CharacterModel())
                        .build()
                        .start();
        console = ConsoleUnderTest.start(folder);
    }

    @AfterAll
    static void stop() {
        server.shutdownNow();
        console.close();
    }

    @BeforeEach
    void serverLives() {
        TestRows.server(console.store(), 9, "grpc " + target() + ", http 127.0.0.1:1");
    }

    private static String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Test
    void masksAreFilledByTheServerThatWasChosen() {
        String page = ask("FILL_MASK", "a <mask> b<i>", "");
        assertThat(page)
                .contains(
                        "guess of 13", "0.7500", "the-model 3", "loop 2, fp32", "/inferences/0000")
                .contains("a &lt;mask&gt; b&lt;i&gt;")
                .contains("<dd>12.5</dd>")
                .doesNotContain("b<i>");
    }

    @Test
    void twoTextsAreComparedByTheAngle() {
        assertThat(ask("COMPARE", "aaaa", "aaaa")).contains("1.0000");
        assertThat(ask("COMPARE", "aaaa", "bb")).contains("0.0000");
    }

    @Test
    void tokensAreButtonsAndAChosenOneShowsWhatItAttends() {
        String tokens = ask("TOKENS", "héy\ud83d\ude00", "");
        assertThat(tokens)
                .contains(">é</button>", ">\ud83d\ude00</button>", "name=\"token\" value=\"3\"");
        // A token that was chosen on that page, although the list of tasks still says TOKENS.
        String page = ask("TOKENS", "héy\ud83d\ude00", "&layer=2&head=1&token=3");
        assertThat(page).contains("heat5\"", "asked\"", "0.6000", "layer 2 head 1");
        assertThat(page.split("heat0", -1)).hasSizeGreaterThan(2);
    }

    @Test
    void whatTheServerRefusesIsSaid() {
        assertThat(ask("CLASSIFY", "x", "")).contains("UNIMPLEMENTED");
        assertThat(ask("FILL_MASK", "no gap", ""))
                .contains("INVALID_ARGUMENT: the text has no mask");
    }

    @Test
    void onlyServersThatLiveAreCalled() {
        try (Browser vera = vera()) {
            String page =
                    vera.post(
                                    "/playground",
                                    "target=127.0.0.1%3A1&task=TOKENS&text=x&_csrf="
                                            + vera.token("/playground"))
                            .body();
            assertThat(page).contains("choose one of the list");
        }
    }

    private static String ask(String task, String text, String more) {
        try (Browser vera = vera()) {
            String second = more.startsWith("&") ? more : "&second=" + encode(more);
            return vera.post(
                            "/playground",
                            "target="
                                    + encode(target())
                                    + "&task="
                                    + task
                                    + "&text="
                                    + encode(text)
                                    + second
                                    + "&_csrf="
                                    + vera.token("/playground"))
                    .body();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Browser vera() {
        return Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD);
    }
}
