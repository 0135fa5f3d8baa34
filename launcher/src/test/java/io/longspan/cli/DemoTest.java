package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo, and the server over its model, as a newcomer starts them: processes and sockets. */
final class DemoTest {
    private static final String TEXT = "The Mock <mask> sighed.";

    @TempDir static Path folder;

    private static Cli demo;
    private static Store store;

    /** The demo finds nothing, as a newcomer's; the database stays up behind it. */
    @BeforeAll
    static void runTheDemo() {
        demo = Child.run(folder, "demo", "--attention", "chunks", "--json");
        store = Store.open(new StoreSettings.Embedded(folder.resolve(".longspan/postgres")));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void theDemoEndsWithOneLineThatShowsTheWholeWay() {
        assertThat(demo.code()).as(demo.err()).isZero();
        String[] lines = demo.out().strip().split("\n");
        assertThat(lines).hasSize(1);
        JsonNode shown = JsonMapper.builder().build().readTree(lines[0]);
        assertThat(shown.get("documents").asInt()).isEqualTo(3);
        assertThat(shown.get("tokens").asInt()).isBetween(50_000, 75_905);
        assertThat(shown.get("first_loss").asDouble()).isBetween(10.5, 11.2);
        assertThat(shown.get("first_loss").asDouble() - shown.get("last_loss").asDouble())
                .isGreaterThan(2);
        assertThat(shown.get("predictions")).hasSize(5);
        assertThat(shown.get("backend").asString()).isEqualTo("chunks");
        assertThat(shown.get("inference_id").asString()).hasSize(36);
        assertThat(shown.get("tracked").asBoolean()).isTrue();
        assertThat(shown.get("seconds").asDouble()).isLessThan(240);
    }

    @Test
    void theRunItsModelAndItsDataSetAreInTheStore() {
        JsonNode runs = Cli.over(store, "runs", "list", "--json").json().get("runs");
        assertThat(runs).isNotEmpty();
        assertThat(runs.get(0).get("state").asString()).isEqualTo("DONE");
        JsonNode run = Cli.over(store, "runs", "show", runs.get(0).get("id"), "--json").json();
        assertThat(run.get("losses")).hasSize(run.get("totalSteps").asInt());
        assertThat(run.get("heldOutLosses").get(0).get("value").asDouble()).isGreaterThan(10);
        String data = run.get("dataSet").asString();
        Cli valid = Cli.run("ingest", "validate", data, "--json");
        assertThat(valid.code()).as(valid.err()).isZero();
        assertThat(valid.json().get("documents").asInt()).isEqualTo(3);
    }

    @Test
    void anotherBackendInLongspanYamlStandsInTheNextInferenceRow() throws IOException {
        assertThat(backendOfACall("chunks")).isEqualTo("chunks");
        assertThat(backendOfACall("loop")).isEqualTo("loop");
    }

    private static String backendOfACall(String backend) throws IOException {
        Files.writeString(
                folder.resolve("longspan.yaml"), "longspan.attention.backend: " + backend + "\n");
        try (Child server = Child.start(folder, "serve", "--demo", "--port", 0, "--json")) {
            String target = server.up().get("target").asString();
            Cli call = Cli.run("call", "fill-mask", "--target", target, "--text", TEXT, "--json");
            assertThat(call.code()).as(call.err()).isZero();
            String id = call.json().get("call").get("inferenceId").asString();
            JsonNode row =
                    Cli.run("call", "inferences", "--target", target, "--id", id, "--json")
                            .json()
                            .get("inferences")
                            .get(0);
            assertThat(row.get("status").asString()).isEqualTo("OK");
            assertThat(row.get("model").asString()).isEqualTo("demo");
            server.terminate();
            return row.get("backend").asString();
        } finally {
            Files.delete(folder.resolve("longspan.yaml"));
        }
    }

    @Test
    void whatAServerRefusesIsOneSentenceAndTracked() throws IOException {
        Path longText = folder.resolve("long.txt");
        Files.writeString(longText, "word ".repeat(5000));
        try (Child server = Child.start(folder, "serve", "--demo", "--port", 0, "--json")) {
            String target = server.up().get("target").asString();
            Cli tooLong = Cli.run("call", "embed", "--target", target, "--file", longText);
            assertThat(tooLong.code()).isEqualTo(2);
            assertThat(tooLong.err()).contains("INVALID_ARGUMENT").contains("more than the 4096");
            Cli unknown =
                    Cli.run(
                            "call",
                            "embed",
                            "--target",
                            target,
                            "--model",
                            "nobody",
                            "--text",
                            "x");
            assertThat(unknown.code()).isEqualTo(2);
            assertThat(unknown.err()).contains("NOT_FOUND").contains("nobody");
            JsonNode failed =
                    Cli.run(
                                    "call",
                                    "inferences",
                                    "--target",
                                    target,
                                    "--status",
                                    "not_found",
                                    "--json")
                            .json()
                            .get("inferences");
            assertThat(failed.get(0).get("model").asString()).isEqualTo("nobody");
            String port = target.substring(target.lastIndexOf(':') + 1);
            Cli taken = Child.run(folder, "serve", "--demo", "--port", port);
            assertThat(taken.code()).isEqualTo(1);
            assertThat(taken.err()).contains("cannot listen on '" + target + "'");
            assertThat(taken.err()).doesNotContain("\tat ");
            assertThat(server.terminate().err()).doesNotContain("ERROR");
        }
    }
}
