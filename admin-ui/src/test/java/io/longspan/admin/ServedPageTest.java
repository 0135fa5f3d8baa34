package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server holds, seen and changed by operators, over a server of names without weights. */
final class ServedPageTest {
    @TempDir private static Path folder;

    private static ConsoleUnderTest console;
    private static Server server;
    private static final NamedModels NAMES = new NamedModels();

    @BeforeAll
    static void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(NAMES)
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
        NAMES.clear();
        TestRows.server(console.store(), 9, "grpc " + target());
    }

    private static String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Test
    void aLoadedModelIsServedAndTheOldVersionCanBeServedAgainAndClosed() {
        try (Browser otto = Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD)) {
            assertThat(otto.get("/models/served").body()).contains("holds no model");
            act(otto, "load", Map.of("name", "news", "version", "1", "folder", "/m/1"));
            act(
                    otto,
                    "load",
                    Map.of("name", "news", "version", "2", "folder", "/m/2", "keep", "true"));
            assertThat(NAMES.loaded).containsOnlyKeys("news 1", "news 2");
            assertThat(NAMES.current).containsEntry("news", "2");
            assertThat(otto.get("/models/served").body())
                    .contains("Yes, close news 1", "Serve version 1 as news", "3.0 GiB")
                    .doesNotContain("Yes, close news 2");

            act(otto, "point", Map.of("alias", "news", "name", "news", "version", "1"));
            assertThat(NAMES.current).containsEntry("news", "1");
            act(otto, "unload", Map.of("name", "news", "version", "2"));
            assertThat(NAMES.loaded).containsOnlyKeys("news 1");

            act(otto, "point", Map.of("alias", "live", "name", "news", "version", ""));
            assertThat(otto.get("/api/v1/served").body())
                    .contains("\"alias\":\"live\"", "\"current\":true");
            act(otto, "forget", Map.of("alias", "live"));
            assertThat(NAMES.aliases).isEmpty();
        }
        assertThat(console.store().audit().list(10).toString())
                .contains("model.load", "model.unload", "alias.set", "alias.delete", "otto");
    }

    @Test
    void whatTheServerRefusesIsSaidAndStandsInTheAudit() {
        try (Browser otto = Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD)) {
            HttpResponse<String> refused =
                    post(otto, "load", Map.of("name", "bad", "folder", "/nowhere<b>"));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("FAILED_PRECONDITION", "/nowhere&lt;b&gt;")
                    .doesNotContain("/nowhere<b>");
            assertThat(post(otto, "load", Map.of("name", " ", "folder", "/m")).body())
                    .contains("The name is empty");
        }
        assertThat(console.store().audit().list(2).toString())
                .contains("model.load.failed", "model bad");
    }

    @Test
    void aServerThatIsNotThereIsSaidToBeSilentAndNoOtherAddressIsCalled() {
        TestRows.server(console.store(), 10, "grpc 127.0.0.1:1");
        try (Browser otto = Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD)) {
            assertThat(otto.get("/models/served").body())
                    .contains("Server 127.0.0.1:1", "It does not say what it holds: UNAVAILABLE");
            String body =
                    "target=127.0.0.1%3A2&name=x&folder=%2Fm&_csrf=" + otto.token("/models/served");
            assertThat(otto.post("/models/served/load", body).body())
                    .contains("choose one of the list");
        }
    }

    @Test
    void readersSeeAndHaveNoForms() {
        NAMES.loaded.put("news 1", "/m/1");
        NAMES.current.put("news", "1");
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            assertThat(vera.get("/models/served").body())
                    .contains(">news</a>")
                    .doesNotContain("/models/served/load", "/models/served/point");
        }
    }

    private static void act(Browser person, String deed, Map<String, String> fields) {
        HttpResponse<String> answer = post(person, deed, fields);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 302);
    }

    private static HttpResponse<String> post(
            Browser person, String deed, Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("target", target());
        all.put("_csrf", person.token("/models/served"));
        return person.post(
                "/models/served/" + deed,
                all.entrySet().stream()
                        .map(e ->
                                e.getKey()
                                        + "="
                                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }
}
