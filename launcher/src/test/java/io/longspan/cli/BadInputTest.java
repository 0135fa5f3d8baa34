package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input: exit code 2, one clear sentence, nothing written. */
final class BadInputTest {
    private static final Path FIXTURE = Cli.FIXTURES.resolve("encoder-local");

    @TempDir Path folder;

    private Path model;
    private Path output;

    @BeforeEach
    void copyAModel() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(FIXTURE.resolve(name), model.resolve(name));
        }
        output = folder.resolve("out.safetensors");
    }

    @Test
    void aPathThatIsNotThere() {
        refused(
                forward(folder.resolve("none"), FIXTURE.resolve("inputs.safetensors")),
                "none",
                "does not exist");
        refused(
                forward(model, folder.resolve("none.safetensors")),
                "none.safetensors",
                "does not exist");
        refused(Cli.run("inspect", folder.resolve("none")), "none", "does not exist");
        refused(Cli.run("tokenize", "--tokenizer", folder, "--text", "x"), "tokenizer.json");
        refused(
                Cli.run(
                        "tokenize",
                        "--tokenizer",
                        Cli.DEMO.resolve("tokenizer"),
                        "--file",
                        folder.resolve("none.txt")),
                "none.txt");
    }

    @Test
    void anOutputThatCannotBeWritten() {
        Path input = FIXTURE.resolve("inputs.safetensors");
        refused(
                Cli.run(
                        "forward",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        folder.resolve("no/o.st")),
                "does not exist");
        refused(
                Cli.run("forward", "--model", model, "--input", input, "--output", model),
                "is a folder");
        refused(
                Cli.run("tokenize", "--tokenizer", folder, "--text", "a", "--file", "b"),
                "mutually exclusive");
    }

    @Test
    void weightsThatAreCutOffOrBroken() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(whole, whole.length / 2));
        refused(forward(model, FIXTURE.resolve("inputs.safetensors")), "model.safetensors");
        Files.write(weights, new byte[] {1, 2, 3});
        refused(forward(model, FIXTURE.resolve("inputs.safetensors")), "3 bytes");
        byte[] absurd = whole.clone();
        absurd[7] = 0x7f;
        Files.write(weights, absurd);
        refused(forward(model, FIXTURE.resolve("inputs.safetensors")), "header");
        refused(Cli.run("inspect", model), "header");
    }

    @Test
    void idsOutsideTheVocabulary() {
        refused(forward(model, inputs(1, 3, 5, 503, 2)), "503", "0 to 502");
    }

    @Test
    void aSequenceLongerThanThePositionTable() {
        long[] ids = new long[300];
        java.util.Arrays.fill(ids, 7);
        refused(forward(model, inputs(1, 300, ids)), "256", "--positions");
    }

    @Test
    void windowsThatAreOddOrNotPositive() throws IOException {
        Path config = model.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replaceAll("16,", "15,"));
        refused(forward(model, FIXTURE.resolve("inputs.safetensors")), "15", "even");
        Files.writeString(config, text.replaceAll("16,", "0,"));
        refused(forward(model, FIXTURE.resolve("inputs.safetensors")), "attention_window is 0");
        Path roberta = Cli.FIXTURES.resolve("roberta-source");
        refused(
                Cli.run("convert", "--from", roberta, "--to", folder.resolve("to"), "--window", 7),
                "7",
                "even");
    }

    @Test
    void backendsThatAreUnknownOrCannot() {
        Path input = FIXTURE.resolve("inputs.safetensors");
        refused(
                Cli.run(
                        "forward",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        output,
                        "--attention",
                        "fast"),
                "'fast'",
                "auto, fused, chunks, loop, cuda");
        refused(
                Cli.run(
                        "forward",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        output,
                        "--attention",
                        "cuda"),
                "'cuda' is unavailable",
                "usable here: fused, chunks, loop");
        refused(
                Cli.run(
                        "forward",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        output,
                        "--precision",
                        "fp8"),
                "--precision is 'fp8'",
                "fp32, bf16, int8");
        refused(
                Cli.run(
                        "forward",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        output,
                        "--gradients",
                        folder.resolve("g.safetensors"),
                        "--packed"),
                "nothing goes back through them",
                "leave --packed out");
    }

    @Test
    void settingsThatAreUnknownOrWrong() {
        refused(
                Cli.run("backends", "--set", "longspan.attention.backnd=loop"),
                "longspan.attention.backend");
        refused(Cli.run("backends", "--set", "loop"), "KEY=VALUE");
        refused(
                Cli.run("backends", "--set", "longspan.attention.fallback=perhaps"),
                "fail and next");
        refused(
                Cli.run("init", "--preset", "gigantic", "--to", folder.resolve("to")),
                "gigantic",
                "longformer-base-4096");
        refused(Cli.run("bench", "attention", "--window", 5), "window is 5", "even");
        refused(Cli.run("demo", "--attention", "fast"), "'fast'", "auto, fused, chunks");
        refused(Cli.run("worker", "--set", "longspan.worker.dead-after=0"), "from 2 to");
        refused(Cli.run("forward"), "Missing required options");
        refused(Cli.run("frobnicate"), "frobnicate");
        refused(Cli.run("test"), "./longspan test");
    }

    @Test
    void aLabelThatTheHeadDoesNotHave() {
        Path classifier = Cli.FIXTURES.resolve("classification-single-label");
        Path file = folder.resolve("in.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(
                        OutgoingTensor.of("input_ids", new long[] {0, 7, 2, 0, 8, 2}, 2, 3),
                        OutgoingTensor.of("labels", new long[] {4, 5}, 2)));
        refused(forward(classifier, file), "label of row 1 is 5", "0 to 4");
    }

    private Cli forward(Path checkpoint, Path input) {
        return Cli.run("forward", "--model", checkpoint, "--input", input, "--output", output);
    }

    private Path inputs(int rows, int length, long... ids) {
        Path file = folder.resolve("in.safetensors");
        SafetensorsWriter.write(file, List.of(OutgoingTensor.of("input_ids", ids, rows, length)));
        return file;
    }

    private void refused(Cli run, String... words) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("longspan: ").contains(words).doesNotContain("\tat ");
        assertThat(run.err().lines().filter(line -> line.startsWith("longspan: "))).hasSize(1);
        assertThat(output).doesNotExist();
        assertThat(folder.resolve("to")).doesNotExist();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
