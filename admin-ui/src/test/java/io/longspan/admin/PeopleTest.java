package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.key.ApiKeyRow;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Who may do what, and what administrators do with people and keys. */
final class PeopleTest {
    /**
     * Every endpoint and the least role that may use it; one that is missing here fails the test.
     */
    private static final Map<String, String> LEAST_ROLE = new TreeMap<>();

    static {
        for (String path :
                List.of(
                        "/",
                        "/fragments/overview",
                        "/live/events",
                        "/jobs",
                        "/jobs/{id}",
                        "/schedules",
                        "/corpora",
                        "/corpora/{id}",
                        "/runs",
                        "/runs/{id}",
                        "/runs/compare",
                        "/models",
                        "/models/{name}",
                        "/models/served",
                        "/backends",
                        "/backends/pattern",
                        "/playground",
                        "/inferences",
                        "/inferences/{id}",
                        "/system",
                        "/account",
                        "/api/v1/overview",
                        "/api/v1/runs",
                        "/api/v1/runs/{id}",
                        "/api/v1/runs/{id}/metrics",
                        "/api/v1/work",
                        "/api/v1/inferences",
                        "/api/v1/curves",
                        "/api/v1/backends",
                        "/api/v1/backends/checks",
                        "/api/v1/jobs",
                        "/api/v1/jobs/{id}",
                        "/api/v1/schedules",
                        "/api/v1/data-sets",
                        "/api/v1/data-sets/{id}",
                        "/api/v1/models",
                        "/api/v1/served",
                        "/api/v1/traffic",
                        "/api/v1/openapi.json")) {
            LEAST_ROLE.put("GET " + path, "VIEWER");
        }
        LEAST_ROLE.put("POST /playground", "VIEWER");
        LEAST_ROLE.put("POST /account/password", "VIEWER");
        for (String path :
                List.of(
                        "/backends/check",
                        "/jobs",
                        "/work/{id}/stop",
                        "/work/{id}/restart",
                        "/models/served/load",
                        "/models/served/unload",
                        "/models/served/point",
                        "/models/served/forget",
                        "/schedules",
                        "/schedules/{name}/pause",
                        "/schedules/{name}/resume",
                        "/schedules/{name}/run",
                        "/schedules/{name}/backfill",
                        "/schedules/{name}/delete")) {
            LEAST_ROLE.put("POST " + path, "OPERATOR");
        }
        LEAST_ROLE.put("GET /jobs/new", "OPERATOR");
        for (String path :
                List.of(
                        "/users",
                        "/keys",
                        "/audit",
                        "/inferences/{id}/payload",
                        "/api/v1/users",
                        "/api/v1/keys",
                        "/api/v1/audit")) {
            LEAST_ROLE.put("GET " + path, "ADMIN");
        }
        for (String path :
                List.of(
                        "/users",
                        "/users/{name}/role",
                        "/users/{name}/password",
                        "/users/{name}/disable",
                        "/users/{name}/enable",
                        "/keys",
                        "/keys/{id}/revoke")) {
            LEAST_ROLE.put("POST " + path, "ADMIN");
        }
    }

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
    void everyEndpointAsksForItsRole() {
        TreeSet<String> endpoints = new TreeSet<>();
        console.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((info, method) -> {
                    if (method.getBeanType().getPackageName().startsWith("io.longspan")) {
                        info.getMethodsCondition()
                                .getMethods()
                                .forEach(verb ->
                                        info.getPatternValues()
                                                .forEach(path -> endpoints.add(verb + " " + path)));
                    }
                });
        endpoints.remove("GET /login");
        assertThat(endpoints).isEqualTo(new TreeSet<>(LEAST_ROLE.keySet()));

        List<String> wrong = new ArrayList<>();
        List<String> order = List.of("VIEWER", "OPERATOR", "ADMIN");
        Map<String, Browser> people =
                Map.of(
                        "VIEWER", Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD),
                        "OPERATOR",
                                Browser.as(console.address(), "otto", ConsoleUnderTest.PASSWORD),
                        "ADMIN", admin());
        try (Browser stranger = new Browser(console.address())) {
            LEAST_ROLE.forEach((endpoint, least) -> {
                for (String role : order) {
                    boolean may = order.indexOf(role) >= order.indexOf(least);
                    int status = status(people.get(role), endpoint);
                    if (may == (status == 403)) {
                        wrong.add(role + " " + endpoint + ": " + status);
                    }
                }
                int status = status(stranger, endpoint);
                if (status != 302 && status != 401 && status != 403) {
                    wrong.add("a stranger " + endpoint + ": " + status);
                }
            });
        } finally {
            people.values().forEach(Browser::close);
        }
        assertThat(wrong).isEmpty();
    }

    /** Keys that exist nowhere: what is allowed finds nothing, or misses its parameters. */
    private static int status(Browser person, String endpoint) {
        String path =
                endpoint.substring(endpoint.indexOf('/')).replaceAll("\\{(id|name)}", "987654");
        if (path.equals("/live/events")) {
            return person.statusOf(path);
        }
        return endpoint.startsWith("GET")
                ? person.get(path).statusCode()
                : person.post(
                                path,
                                "_csrf=" + person.token(person.loggedIn() ? "/account" : "/login"))
                        .statusCode();
    }

    @Test
    void administratorsMakeChangeAndDisablePeople() {
        try (Browser admin = admin()) {
            String token = admin.token("/users");
            admin.post("/users", "name=nina&password=nina+nina+1&role=VIEWER&_csrf=" + token);
            assertThat(admin.get("/users").body()).contains("nina");
            assertThat(console.store().users().find("nina").orElseThrow().passwordHash())
                    .startsWith("{argon2");
            try (Browser nina = Browser.as(console.address(), "nina", "nina nina 1")) {
                assertThat(nina.get("/jobs/new?kind=INGEST").statusCode()).isEqualTo(403);
                admin.post("/users/nina/role", "role=OPERATOR&_csrf=" + token);
                assertThat(nina.get("/jobs").statusCode())
                        .as("the session has ended")
                        .isEqualTo(302);
                assertThat(Browser.location(nina.login("nina", "nina nina 1")))
                        .doesNotContain("login");
                assertThat(nina.get("/jobs/new?kind=INGEST").statusCode()).isEqualTo(200);
                String own = nina.token("/account");
                assertThat(
                                nina.post(
                                                "/account/password",
                                                "current=wrong&password=another+one&_csrf=" + own)
                                        .statusCode())
                        .isEqualTo(400);
                nina.post(
                        "/account/password",
                        "current=nina+nina+1&password=another+one&_csrf=" + own);
                assertThat(Browser.location(nina.login("nina", "another one")))
                        .doesNotContain("login");
                admin.post("/users/nina/disable", "_csrf=" + token);
                assertThat(nina.get("/jobs").statusCode()).isEqualTo(302);
                assertThat(Browser.location(nina.login("nina", "another one"))).contains("wrong");
            }
            HttpResponse<String> last = admin.post("/users/admin/disable", "_csrf=" + token);
            assertThat(last.statusCode()).isEqualTo(400);
            assertThat(last.body()).contains("only administrator");
            assertThat(
                            admin.post("/users", "name=x&password=short&role=VIEWER&_csrf=" + token)
                                    .body())
                    .contains("at least 8")
                    .doesNotContain("short<");
            assertThat(admin.get("/audit?actor=admin").body())
                    .contains("user.create", "user.disable", "user nina");
            assertThat(admin.get("/audit?action=account.password").body())
                    .contains("nina")
                    .doesNotContain("user.create");
        }
    }

    @Test
    void anOldHashIsReplacedAtTheFirstLogin() {
        String bcrypt =
                "{bcrypt}"
                        + new org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder()
                                .encode("from before");
        console.store()
                .users()
                .put(new io.longspan.store.user.ConsoleUser("olga", bcrypt, "VIEWER"));
        Browser.as(console.address(), "olga", "from before").close();
        assertThat(console.store().users().find("olga").orElseThrow().passwordHash())
                .startsWith("{argon2");
        Browser.as(console.address(), "olga", "from before").close();
    }

    @Test
    void aKeyIsShownOnceAndRevoked() {
        try (Browser admin = admin()) {
            String token = admin.token("/keys");
            HttpResponse<String> made =
                    admin.post(
                            "/keys",
                            "name=robot%3Cb%3E&scope=infer&scope=stats&days=30&_csrf=" + token);
            assertThat(made.headers().firstValue("cache-control").orElse("")).contains("no-store");
            Matcher secret =
                    Pattern.compile(">(ls_[0-9a-f]{10}_[A-Za-z0-9_-]{43})<").matcher(made.body());
            assertThat(secret.find()).isTrue();
            ApiKeyRow row = console.store().apiKeys().check(secret.group(1)).orElseThrow();
            assertThat(row.scopes()).containsExactly("infer", "stats");
            String page = admin.get("/keys").body();
            assertThat(page)
                    .contains(row.prefix(), "ACTIVE", "robot&lt;b&gt;")
                    .doesNotContain(secret.group(1), "robot<b>");
            assertThat(console.store().audit().list(20).toString())
                    .contains("key.create")
                    .doesNotContain(secret.group(1));
            admin.post("/keys/" + row.id() + "/revoke", "_csrf=" + token);
            assertThat(admin.get("/keys").body()).contains("REVOKED");
            assertThat(console.store().apiKeys().check(secret.group(1))).isEmpty();
            assertThat(admin.post("/keys", "name=none&_csrf=" + token).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void sessionsOutliveNoLogoutAndLieInTheDatabase() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            assertThat(sessions()).isPositive();
            long before = sessions();
            vera.post("/logout", "_csrf=" + vera.token("/account"));
            assertThat(sessions()).isEqualTo(before - 1);
            try (Browser stranger = new Browser(console.address())) {
                stranger.get("/jobs");
                stranger.get("/login");
                assertThat(sessions()).as("a visitor costs no row").isEqualTo(before - 1);
            }
        }
    }

    private static long sessions() {
        return TestRows.jdbc(console.store())
                .sql(
                        "select count(*) from console_session where principal_name = 'vera' or principal_name is null")
                .query(Long.class)
                .single();
    }

    @Test
    void theDocumentOfTheInterfaceNamesEveryEndpoint() {
        try (Browser vera = Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD)) {
            var document = JsonMapper.shared().readTree(vera.get("/api/v1/openapi.json").body());
            TreeSet<String> named = new TreeSet<>(document.path("paths").propertyNames());
            TreeSet<String> there = new TreeSet<>();
            LEAST_ROLE.keySet().stream()
                    .filter(e -> e.contains("/api/"))
                    .forEach(e -> there.add(e.substring(4)));
            assertThat(named).isEqualTo(there);
            var parameters =
                    document.path("paths").path("/api/v1/jobs").path("get").path("parameters");
            assertThat(parameters.toString()).contains("\"kind\"", "INGEST", "\"before\"");
            assertThat(vera.get("/system").body())
                    .contains("PostgreSQL", "longspan.admin.password", "••••••")
                    .doesNotContain(ConsoleUnderTest.ADMIN_PASSWORD);
        }
    }

    private static Browser admin() {
        return Browser.as(console.address(), "admin", ConsoleUnderTest.ADMIN_PASSWORD);
    }
}
