package io.longspan.admin.system;

import io.longspan.store.Store;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What runs here, with what, and how much room there is. */
@Controller
class SystemPage {
    private static final List<String> SECRET = List.of("password", "secret", "token", "key");

    private final Store store;
    private final Environment environment;

    SystemPage(Store store, Environment environment) {
        this.store = store;
        this.environment = environment;
    }

    /**
     * A fact.
     *
     * @param name of it
     * @param value of it
     */
    record Fact(String name, String value) {}

    /**
     * A migration that was applied.
     *
     * @param version of the schema
     * @param description of the step
     * @param at when
     * @param millis how long it took
     */
    record Migration(String version, String description, String at, long millis) {}

    /**
     * A table of the database.
     *
     * @param name of it
     * @param rows about how many, as the planner believes
     * @param bytes with its indexes
     */
    record Table(String name, long rows, long bytes) {}

    @GetMapping("/system")
    String page(Model model) {
        JdbcClient jdbc = JdbcClient.create(store.dataSource());
        model.addAttribute("versions", versions(jdbc));
        model.addAttribute("settings", settings());
        model.addAttribute("nodes", store.nodes().alive(java.time.Duration.ofSeconds(30)));
        model.addAttribute(
                "migrations",
                jdbc.sql(
                                "select version, description, installed_on, execution_time from flyway_schema_history where success order by installed_rank")
                        .query((row, n) ->
                                new Migration(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getLong(4)))
                        .list());
        model.addAttribute(
                "tables",
                jdbc.sql(
                                "select relname, greatest(reltuples, 0)::bigint, pg_total_relation_size(oid) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 3 desc")
                        .query((row, n) ->
                                new Table(row.getString(1), row.getLong(2), row.getLong(3)))
                        .list());
        File here = new File("").getAbsoluteFile();
        model.addAttribute("folder", here.toString());
        model.addAttribute("free", here.getUsableSpace());
        model.addAttribute("disk", here.getTotalSpace());
        return "longspan/system";
    }

    private static List<Fact> versions(JdbcClient jdbc) {
        return List.of(
                new Fact("Java", Runtime.version().toString()),
                new Fact("Spring Boot", String.valueOf(SpringBootVersion.getVersion())),
                new Fact(
                        "PostgreSQL",
                        jdbc.sql("show server_version")
                                .query((row, n) -> row.getString(1))
                                .single()));
    }

    /**
     * Settings that begin with Longspan's name or say where the console listens; secrets are not
     * shown.
     */
    private List<Fact> settings() {
        TreeMap<String, String> all = new TreeMap<>();
        if (environment instanceof ConfigurableEnvironment configurable) {
            configurable.getPropertySources().stream()
                    .filter(EnumerablePropertySource.class::isInstance)
                    .flatMap(source ->
                            List.of(((EnumerablePropertySource<?>) source).getPropertyNames())
                                    .stream())
                    .filter(name ->
                            name.startsWith("longspan.")
                                    || name.startsWith("server.")
                                    || name.startsWith("spring.grpc.server."))
                    .forEach(name -> all.put(name, shown(name)));
        }
        List<Fact> facts = new ArrayList<>();
        all.forEach((name, value) -> facts.add(new Fact(name, value)));
        return facts;
    }

    private String shown(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SECRET.stream().anyMatch(last::contains)
                ? "••••••"
                : String.valueOf(environment.getProperty(name));
    }
}
