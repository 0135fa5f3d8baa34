package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.model.checkpoint.SafetensorsFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command that shows what a token attends to, and the switch of the savings. */
final class AttentionCommandTest {
    private static final Path FIXTURE = Cli.FIXTURES.resolve("encoder-global-many");

    @TempDir Path folder;

    @Test
    void aTextIsShownWithItsTokensStrongestFirst() {
        Path model = folder.resolve("model");
        Path tokenizer = Cli.DEMO.resolve("tokenizer");
        Cli made = Cli.run("init", "--preset", "tiny", "--to", model, "--tokenizer", tokenizer);
        assertThat(made.code()).as(made.err()).isZero();
        Object[] asked = {
            "attention",
            "--model",
            model,
            "--text",
            "The old house stood by the sea.",
            "--layer",
            1,
            "--head",
            0,
            "--token",
            3,
            "--global",
            "0,5",
            "--top",
            4
        };
        Cli text = Cli.run(asked);
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("token 3 (\" house\", local)")
                .contains("########")
                .contains("--top shows more");
        Object[] machine = Arrays.copyOf(asked, asked.length + 1);
        machine[asked.length] = "--json";
        JsonNode json = Cli.run(machine).json();
        assertThat(json.get("text").asString()).isEqualTo(" house");
        assertThat(json.get("keys")).hasSize(4);
        double before = 1;
        for (JsonNode key : json.get("keys")) {
            assertThat(key.get("weight").asDouble()).isPositive().isLessThanOrEqualTo(before);
            before = key.get("weight").asDouble();
        }
    }

    @Test
    void aGlobalTokenOfABatchSeesAllAndItsWeightsAddUp() {
        JsonNode json =
                ask("--sequence", 0, "--token", 0, "--layer", 2, "--head", 3, "--top", 500).json();
        assertThat(json.get("role").asString()).isEqualTo("global");
        assertThat(json.get("keys")).hasSize(json.get("seen").asInt());
        double sum = 0;
        for (JsonNode key : json.get("keys")) {
            sum += key.get("weight").asDouble();
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
        assertThat(json.get("keys").get(0).has("text")).isFalse();
    }

    @Test
    void whatIsNotThereIsRefused() {
        refused(ask("--layer", 3, "--head", 0, "--token", 0), "layer is 3; there are 3");
        refused(ask("--layer", 0, "--head", 4, "--token", 0), "head is 4; there are 4");
        refused(ask("--layer", 0, "--head", 0, "--token", 61), "--token is 61", "0 to 60");
        refused(
                ask("--layer", 0, "--head", 0, "--token", 0, "--sequence", 2),
                "--sequence is 2",
                "0 to 1");
        refused(ask("--layer", 0, "--head", 0, "--token", 0, "--top", 0), "--top is 0");
        refused(
                ask("--layer", 0, "--head", 0, "--token", 0, "--global", "first"),
                "--global goes with --text");
    }

    @Test
    void savingsAreSwitchedByNameAndChangeNothing() {
        float[] on = hidden("all");
        float[] off = hidden("none");
        assertThat(on).hasSameSizeAs(off);
        for (int i = 0; i < on.length; i++) {
            assertThat(on[i]).isCloseTo(off[i], within(2e-5f));
        }
        refused(forward("folding", folder.resolve("x.safetensors")), "'folding' is none");
    }

    private float[] hidden(String savings) {
        Path output = folder.resolve(savings + ".safetensors");
        Cli run = forward(savings, output);
        assertThat(run.code()).as(run.err()).isZero();
        try (SafetensorsFile file = SafetensorsFile.open(output)) {
            return file.get("hidden_state.3").toFloats();
        }
    }

    private static Cli forward(String savings, Path output) {
        return Cli.run(
                "forward",
                "--model",
                FIXTURE,
                "--input",
                FIXTURE.resolve("inputs.safetensors"),
                "--output",
                output,
                "--attention",
                "chunks",
                "--savings",
                savings);
    }

    private static Cli ask(Object... more) {
        Object[] first = {
            "attention",
            "--model",
            FIXTURE,
            "--input",
            FIXTURE.resolve("inputs.safetensors"),
            "--json"
        };
        Object[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return Cli.run(all);
    }

    private static void refused(Cli run, String... parts) {
        assertThat(run.code()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(parts);
    }
}
