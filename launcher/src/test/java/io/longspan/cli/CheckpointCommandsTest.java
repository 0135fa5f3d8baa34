package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.longspan.model.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Commands that make, change and get checkpoints, the way a user calls them. */
final class CheckpointCommandsTest {
    private static final Path FAMILIES =
            Path.of("..", "model-core", "src", "test", "resources", "conversion");

    @TempDir Path folder;

    @Test
    void convertReportsWhatItDidWithABert() {
        Path to = folder.resolve("longformer");
        Cli run =
                Cli.run(
                        "convert",
                        "--from",
                        FAMILIES.resolve("bert"),
                        "--to",
                        to,
                        "--positions",
                        59,
                        "--window",
                        "64,32",
                        "--seed",
                        11,
                        "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode conversion = run.json().get("conversion");
        assertThat(conversion.get("sourceType").asString()).isEqualTo("bert");
        assertThat(conversion.get("windows").toString()).isEqualTo("[64,32]");
        assertThat(conversion.get("positionRows").get(1).get("first").asInt()).isEqualTo(1);
        assertThat(conversion.get("positionRows").get(1).get("from").asInt()).isZero();
        assertThat(conversion.get("leftOut")).hasSize(4);
        JsonNode check = run.json().get("check");
        assertThat(check.get("seed").asInt()).isEqualTo(11);
        assertThat(check.get("maxDifference").asDouble()).isLessThan(2e-5);
        assertThat(check.get("texts").get(0).get("tokens").asInt()).isEqualTo(1);
        Cli text =
                Cli.run(
                        "convert",
                        "--from",
                        FAMILIES.resolve("xlm-roberta"),
                        "--to",
                        folder.resolve("xlmr"),
                        "--positions",
                        40);
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("longformer from xlm-roberta", "24 -> 40", "512 in every layer")
                .contains("12 tensors copied from the local projections", "left out    nothing")
                .contains("same answers as the source on random texts of seed 1");
    }

    @Test
    void resyncGlobalCopiesTheProjections() throws IOException {
        Path to = folder.resolve("ready");
        Cli run = Cli.run("resync-global", Cli.FIXTURES.resolve("masked-lm"), "--to", to, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("changed").asBoolean()).isTrue();
        assertThat(run.json().get("layers")).hasSize(3);
        try (SafetensorsFile made = SafetensorsFile.open(to.resolve("model.safetensors"))) {
            String self = "longformer.encoder.layer.0.attention.self.";
            assertThat(made.get(self + "key_global.weight").toFloats())
                    .isEqualTo(made.get(self + "key.weight").toFloats());
        }
        assertThat(Cli.run("resync-global", to).out()).contains("equal already");
        Cli refused = Cli.run("resync-global", Cli.FIXTURES.resolve("roberta-source"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("longspan convert");
    }

    @Test
    void initListsThePresetsAndInspectDescribesThem() {
        JsonNode presets = Cli.run("init", "--preset", "--json").json().get("presets");
        assertThat(presets.findValuesAsString("name"))
                .contains("longformer-base-16384", "char-lm-large", "tiny");
        assertThat(Cli.run("init", "--preset").out()).contains("148,711,257");
        assertThat(Cli.run("init", "--preset", "tiny").err()).contains("--to DIR");
        JsonNode base =
                Cli.run(
                                "inspect",
                                "--preset",
                                "longformer-base-4096",
                                "--tokens",
                                "512,4096",
                                "--json")
                        .json();
        assertThat(base.get("parameters").asLong()).isEqualTo(148_711_257);
        assertThat(base.get("parameter_counts").get("encoder").asLong()).isEqualTo(148_068_864);
        assertThat(base.get("parameter_counts").get("global").asLong()).isEqualTo(21_261_312);
        assertThat(base.get("attention").get(11).get("receptive_left").asLong())
                .isEqualTo(12 * 256);
        assertThat(base.get("memory").get("tokens").asInt()).isEqualTo(512);
        assertThat(base.get("memory_at").get(1).get("weights_bytes").asLong())
                .isEqualTo(4 * 148_711_257L);
        assertThat(Cli.run("inspect", "--preset", "char-lm-small").out())
                .contains("causal, norms before", "[4, 4, 1, 1, 1, 1, 1, 1]", "-32 to +0");
        assertThat(Cli.run("inspect").err()).contains("name one thing");
    }

    /** The file names a user sees; broken transfers and digests have tests of their own. */
    @Test
    void pullGetsAModelThatInspectReads() throws IOException {
        Path published = FAMILIES.resolve("bert");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    byte[] answer =
                            path.contains("/resolve/")
                                    ? Files.readAllBytes(
                                            published.resolve(
                                                    path.substring(path.lastIndexOf('/') + 1)))
                                    : "{\"siblings\":[{\"rfilename\":\"config.json\"},{\"rfilename\":\"model.safetensors\"}]}"
                                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            Path to = folder.resolve("pulled");
            Cli run =
                    Cli.run(
                            "pull",
                            "owner/bert",
                            "--to",
                            to,
                            "--set",
                            "longspan.hub.endpoint=" + endpoint,
                            "--set",
                            "longspan.hub.token=hf_secret",
                            "--json");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.json().get("files")).hasSize(2);
            assertThat(run.out() + run.err()).doesNotContain("hf_secret");
            assertThat(Cli.run("inspect", to).out()).contains("bert, masked-lm");
        } finally {
            server.stop(0);
        }
        Cli offline =
                Cli.run(
                        "pull",
                        "owner/bert",
                        "--to",
                        folder.resolve("late"),
                        "--endpoint",
                        endpoint);
        assertThat(offline.code()).isEqualTo(1);
        assertThat(offline.err()).contains("cannot be reached", "check the network");
        assertThat(Cli.run("pull", "bert").code()).isEqualTo(2);
    }
}
