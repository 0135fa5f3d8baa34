package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Every command the way a user calls it. */
final class CommandsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void forwardWritesWhatTransformersReturned(String backend) {
        Path fixture = Cli.FIXTURES.resolve("masked-lm");
        Path output = folder.resolve("out.safetensors");
        Cli run =
                Cli.run(
                        "forward",
                        "--model",
                        fixture,
                        "--input",
                        fixture.resolve("inputs.safetensors"),
                        "--output",
                        output,
                        "--attention",
                        backend,
                        "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("backend").asString()).isEqualTo(backend);
        try (SafetensorsFile actual = SafetensorsFile.open(output);
                SafetensorsFile expected =
                        SafetensorsFile.open(fixture.resolve("outputs.safetensors"))) {
            float loss = actual.get("loss").toFloats()[0];
            assertThat(loss)
                    .isCloseTo(
                            expected.get("loss").toFloats()[0],
                            org.assertj.core.api.Assertions.within(2e-5f));
            assertThat(actual.info("logits")).isEqualTo(expected.info("logits"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "masked-lm, loop",
        "masked-lm, chunks",
        "masked-lm, fused",
        "question-answering, chunks",
        "multiple-choice, fused"
    })
    void forwardWritesTheGradientsThatTransformersReturned(String name, String backend) {
        Path fixture = Cli.FIXTURES.resolve(name);
        Path gradients = folder.resolve("gradients.safetensors");
        Cli run =
                Cli.run(
                        "forward",
                        "--model",
                        fixture,
                        "--input",
                        fixture.resolve("inputs.safetensors"),
                        "--output",
                        folder.resolve("out.safetensors"),
                        "--gradients",
                        gradients,
                        "--attention",
                        backend);
        assertThat(run.code()).as(run.err()).isZero();
        try (SafetensorsFile actual = SafetensorsFile.open(gradients);
                SafetensorsFile expected =
                        SafetensorsFile.open(fixture.resolve("grads.safetensors"))) {
            for (String tensor : expected.names()) {
                float[] wanted = expected.get(tensor).toFloats();
                float[] found = actual.get(tensor).toFloats();
                double norm = 0;
                double off = 0;
                for (int i = 0; i < wanted.length; i++) {
                    norm += (double) wanted[i] * wanted[i];
                    off += Math.pow((double) wanted[i] - found[i], 2);
                }
                assertThat(Math.sqrt(off)).as(tensor).isLessThan(1e-4 * Math.sqrt(norm) + 1e-6);
            }
        }
    }

    @Test
    void initConvertInspectAndForwardFitTogether() {
        Path roberta = folder.resolve("roberta");
        Path longformer = folder.resolve("longformer");
        assertThat(
                        Cli.run(
                                        "init",
                                        "--preset",
                                        "roberta-tiny",
                                        "--seed",
                                        3,
                                        "--to",
                                        roberta,
                                        "--tokenizer",
                                        Cli.DEMO.resolve("tokenizer"))
                                .code())
                .isZero();
        Cli converted =
                Cli.run(
                        "convert",
                        "--from",
                        roberta,
                        "--to",
                        longformer,
                        "--positions",
                        1000,
                        "--window",
                        64,
                        "--json");
        assertThat(converted.code()).as(converted.err()).isZero();
        assertThat(converted.json().get("check").get("maxDifference").asDouble()).isLessThan(1e-5);
        Cli inspected = Cli.run("inspect", longformer, "--json", "--tokens", 1000);
        JsonNode report = inspected.json();
        assertThat(report.get("positions").asInt()).isEqualTo(1000);
        assertThat(report.get("task").asString()).isEqualTo("masked-lm");
        JsonNode last = report.get("attention").get(1);
        assertThat(last.get("receptive_left").asLong()).isEqualTo(64);
        assertThat(last.get("receptive_right").asLong()).isEqualTo(64);
        // 2 layers of hidden size 64, feed-forward 128, global projections; 50,265 words, 1,002
        // positions, LM head.
        long perLayer = 7L * 64 * 64 + 7 * 64 + 2 * 64 * 128 + 64 + 128 + 4 * 64;
        long embeddings = (50265L + 1002 + 1) * 64 + 2 * 64;
        long head = 64 * 64 + 64 + 2 * 64 + 50265;
        assertThat(report.get("parameters").asLong()).isEqualTo(2 * perLayer + embeddings + head);
        assertThat(Cli.run("inspect", longformer, "--tensors").out())
                .contains("reads       1,000 tokens", "-64 to +64", "lm_head.bias F32");
        assertThat(longformer.resolve("merges.txt")).exists();
    }

    @Test
    void tokenizeTurnsTextToIdsAndBack() throws IOException {
        Path tokenizer = Cli.DEMO.resolve("tokenizer");
        Cli ids = Cli.run("tokenize", "--tokenizer", tokenizer, "--text", "Hello world");
        assertThat(ids.out().strip()).isEqualTo("0 31414 232 2");
        Cli text =
                Cli.run(
                        "tokenize",
                        "--tokenizer",
                        tokenizer,
                        "--decode",
                        "0, 31414 232 2",
                        "--no-special");
        assertThat(text.out().strip()).isEqualTo("Hello world");
        Path file = folder.resolve("text.txt");
        Files.writeString(file, "çé");
        JsonNode json =
                Cli.run("tokenize", "--tokenizer", tokenizer, "--file", file, "--json").json();
        assertThat(json.get("offsets").get(1).get(1).asInt()).isEqualTo(1);
    }

    @Test
    void backendsReportsEveryProviderAsJson() {
        Cli run = Cli.run("backends", "--json");
        assertThat(run.code()).isZero();
        JsonNode backends = run.json().get("backends");
        assertThat(backends.findValuesAsString("name"))
                .containsExactly("fused", "chunks", "loop", "cuda");
        for (JsonNode backend : backends) {
            for (String field :
                    new String[] {
                        "name", "version", "available", "reason", "supported", "chosen"
                    }) {
                assertThat(backend.has(field)).as(field).isTrue();
            }
        }
        assertThat(run.json().get("chosen").asString()).isEqualTo("fused");
        assertThat(backends.get(3).get("reason").asString()).isNotBlank();
    }

    @Test
    void backendsTimesWhatIsAvailable() {
        Cli run = Cli.run("backends", "--benchmark", "--json");
        JsonNode backends = run.json().get("backends");
        assertThat(backends.get(3).has("benchmark")).isFalse();
        assertThat(backends.get(0).get("benchmark").get("medianSeconds").asDouble()).isPositive();
        assertThat(backends.get(2).get("benchmark").get("ratio").asDouble())
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void whatTheBenchmarkDidNotMeasureIsNullInItsJson() {
        Object[] small = {"--tokens", 48, "--window", 8, "--heads", 1, "--head-size", 8};
        Object[] quick = {"--dilation", 2, "--threads", 1, "--runs", 1, "--json"};
        Cli run =
                Cli.run(
                        Stream.of(new Object[] {"bench", "attention"}, small, quick)
                                .flatMap(Stream::of)
                                .toArray());
        assertThat(run.code()).isZero();
        assertThat(run.out()).doesNotContain("NaN");
        JsonNode rows = run.json().get("rows");
        assertThat(rows.findValuesAsString("name")).contains("fused", "chunks");
        for (JsonNode row : rows) {
            boolean timed = !row.get("forward").isNull();
            assertThat(timed).as(row.toString()).isEqualTo(row.get("note").asString().isEmpty());
            for (String number :
                    new String[] {"forwardGflops", "forwardShareOfPeak", "ratioToFastest"}) {
                assertThat(row.get(number).isNumber()).as(number + " of " + row).isEqualTo(timed);
                assertThat(row.get(number).isNull()).as(number + " of " + row).isNotEqualTo(timed);
            }
        }
    }

    @Test
    void everyCommandHasAnExampleInItsHelp() {
        CommandLine top = Longspan.commandLine();
        assertThat(top.getSubcommands()).hasSizeGreaterThanOrEqualTo(8);
        top.getSubcommands()
                .forEach((name, command) -> {
                    Cli help = Cli.run(name, "--help");
                    assertThat(help.code()).isZero();
                    assertThat(help.out()).contains("Example: ").contains("longspan " + name);
                });
    }
}
