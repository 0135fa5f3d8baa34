package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.corpus.ParquetLines;
import io.longspan.corpus.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bulk inference as a user calls it, killed processes included. */
final class BulkCommandsTest {
    private static final String[] WORDS = {
        "the", "old", "house", "stood", "by", "a", "sea", "of", "grass", "and", "nobody", "came"
    };

    @TempDir Path folder;

    private Path model() {
        Path model = folder.resolve("model");
        Cli made =
                Cli.run(
                        "init",
                        "--preset",
                        "tiny",
                        "--to",
                        model,
                        "--tokenizer",
                        Cli.DEMO.resolve("tokenizer"));
        assertThat(made.code()).as(made.err()).isZero();
        return model;
    }

    private Path documents(int count, long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int words = 1 + random.nextInt(i % 10 == 3 ? 1500 : 60);
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < words; w++) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            lines.append("{\"id\":\"d" + i + "\",\"text\":\"" + text.toString().strip() + "\"}\n");
        }
        return Files.writeString(folder.resolve("docs.jsonl"), lines);
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        JsonMapper mapper = JsonMapper.builder().build();
        return Files.readAllLines(file).stream().map(mapper::readTree).toList();
    }

    @Test
    void parquetInAndOutHoldsWhatJsonLinesHold() throws IOException {
        Path model = model();
        Path lines = documents(30, 1);
        Path parquet = folder.resolve("docs.parquet");
        ParquetLines.write(lines, Map.of("id", "VARCHAR", "text", "VARCHAR"), parquet);
        Path vectors = folder.resolve("vectors.jsonl");
        Cli first =
                Cli.run("embed", "--model", model, "--input", lines, "--output", vectors, "--json");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.json().get("written").asInt()).isEqualTo(30);
        assertThat(first.json().get("cut").asInt()).isPositive();
        Path table = folder.resolve("vectors.parquet");
        Cli second = Cli.run("embed", "--model", model, "--input", parquet, "--output", table);
        assertThat(second.code()).as(second.err()).isZero();
        List<String> columns = List.of("id", "tokens", "windows", "embedding");
        assertThat(ParquetTable.columns(table)).isEqualTo(columns);
        try (ParquetTable.Rows found = ParquetTable.Rows.open(table, columns, 0, -1)) {
            for (JsonNode expected : rows(vectors)) {
                List<String> row = found.next();
                assertThat(row).isNotNull();
                assertThat(row.subList(0, 3))
                        .containsExactly(
                                expected.get("id").asString(),
                                expected.get("tokens").asString(),
                                expected.get("windows").asString());
                String[] numbers = row.get(3).replaceAll("[\\[\\] ]", "").split(",", -1);
                assertThat(numbers).hasSize(64);
                for (int i = 0; i < 64; i++) {
                    assertThat(Float.parseFloat(numbers[i]))
                            .isEqualTo(expected.get("embedding").get(i).floatValue());
                }
            }
            assertThat(found.next()).isNull();
        }
    }

    @Test
    void precisionsAreCloseAndNoneIsIgnored() throws IOException {
        Path model = model();
        Path lines = documents(6, 2);
        float[] exact = null;
        for (String precision : new String[] {"engine", "fp32", "bf16", "int8"}) {
            Path output = folder.resolve(precision + ".jsonl");
            Cli run =
                    Cli.run(
                            "embed",
                            "--model",
                            model,
                            "--input",
                            lines,
                            "--output",
                            output,
                            "--precision",
                            precision,
                            "--normalize",
                            "--json");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.json().get("precision").asString()).isEqualTo(precision);
            JsonNode vector = rows(output).getFirst().get("embedding");
            float[] found = new float[vector.size()];
            double cosine = 0;
            for (int i = 0; i < found.length; i++) {
                found[i] = vector.get(i).floatValue();
                cosine += exact == null ? 0 : (double) exact[i] * found[i];
            }
            if (exact == null) {
                exact = found;
            } else {
                assertThat(cosine).as(precision).isCloseTo(1, within(2e-3));
            }
        }
        Cli refused =
                Cli.run(
                        "embed",
                        "--model",
                        model,
                        "--input",
                        lines,
                        "--output",
                        folder.resolve("x.jsonl"),
                        "--precision",
                        "fp8");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("fp32, bf16, int8, engine");
    }

    @Test
    void classifyRefusesAModelWithoutAClassifier() throws IOException {
        Path output = folder.resolve("labels.jsonl");
        Cli run =
                Cli.run(
                        "classify",
                        "--model",
                        model(),
                        "--input",
                        documents(1, 3),
                        "--output",
                        output);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("is a masked-lm model; name a sequence-classification");
        assertThat(output).doesNotExist();
        assertThat(folder.resolve("labels.jsonl.part")).doesNotExist();
    }

    @Test
    void aBadLineEndsTheRunByNameUnlessItMayBeLeftOut() throws IOException {
        Path model = model();
        Path lines = documents(3, 4);
        Files.writeString(lines, Files.readString(lines) + "{\"no\":1}\n");
        Path output = folder.resolve("out.jsonl");
        Cli failed = Cli.run("embed", "--model", model, "--input", lines, "--output", output);
        assertThat(failed.code()).isEqualTo(2);
        assertThat(failed.err()).contains("docs.jsonl:4: member 'text' is missing");
        Cli skipped =
                Cli.run(
                        "embed",
                        "--model",
                        model,
                        "--input",
                        lines,
                        "--output",
                        output,
                        "--bad",
                        "skip",
                        "--json");
        assertThat(skipped.code()).as(skipped.err()).isZero();
        assertThat(skipped.json().get("bad").asInt()).isOne();
        assertThat(skipped.err()).contains("left out: ").contains("docs.jsonl:4");
    }

    /** Real processes, ended by SIGKILL at moments that a seed picks. */
    @Test
    void killedProcessesGoOnToTheSameBytes() throws Exception {
        long seed = Long.getLong("bulk.seed", System.nanoTime());
        System.out.println("bulk.seed " + seed);
        Random random = new Random(seed);
        Path model = model();
        Path lines = documents(400, seed);
        for (String ending : new String[] {"jsonl", "parquet"}) {
            Path calm = folder.resolve("calm." + ending);
            // A process, too: libtorch rounds otherwise with other threads.
            Cli undisturbed = Child.run(folder, arguments(model, lines, calm));
            assertThat(undisturbed.code()).as(undisturbed.err()).isZero();
            Path output = folder.resolve("killed." + ending);
            Path point = folder.resolve("killed." + ending + ".part.json");
            try (Child child = Child.start(folder, arguments(model, lines, output))) {
                child.waitFor(_ -> Files.exists(point));
                Thread.sleep(random.nextInt(400));
                child.kill();
            }
            // A kill may come after the end; then the output is there and is not replaced.
            boolean ended = Files.exists(output) && !Files.exists(point);
            Cli last = Child.run(folder, arguments(model, lines, output));
            assertThat(last.code()).as(last.err()).isEqualTo(ended ? 2 : 0);
            assertThat(output).hasSameBinaryContentAs(calm);
            assertThat(point).doesNotExist();
        }
    }

    private static Object[] arguments(Path model, Path lines, Path output) {
        return new Object[] {
            "embed",
            "--model",
            model,
            "--input",
            lines,
            "--output",
            output,
            "--batch-tokens",
            64,
            "--checkpoint-every",
            0
        };
    }
}
