package io.longspan.model.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.model.ModelInputException;
import io.longspan.model.bulk.BadRows;
import io.longspan.model.bulk.BulkInput;
import io.longspan.model.bulk.BulkOutput;
import io.longspan.model.bulk.BulkProgress;
import io.longspan.model.bulk.BulkPublisher;
import io.longspan.model.bulk.BulkRecord;
import io.longspan.model.bulk.BulkReport;
import io.longspan.model.bulk.BulkRun;
import io.longspan.model.bulk.BulkSettings;
import io.longspan.model.bulk.BulkSource;
import io.longspan.model.bulk.BulkStart;
import io.longspan.model.bulk.BulkTask;
import io.longspan.model.bulk.ClassifyTask;
import io.longspan.model.bulk.EmbedTask;
import io.longspan.model.bulk.JsonLinesInput;
import io.longspan.model.bulk.LongTexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files in, files out, against a session that is asked text by text. */
final class BulkRunTest {
    private static final BulkSettings SETTINGS =
            new BulkSettings(LongTexts.STRIDE, BadRows.FAIL, 190, 16, 0);

    /** Letters of a window: the model reads 256 tokens, and this tokenizer makes one of each. */
    private static final int WINDOW = 254;

    @TempDir Path folder;
    @TempDir Path tokenizer;

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Reads so many rows and breaks, as a process that is killed does. */
    private record Breaking(BulkInput input, long rows) implements BulkInput {
        @Override
        public Path file() {
            return input.file();
        }

        @Override
        public String digest() {
            return input.digest();
        }

        @Override
        public long size() {
            return input.size();
        }

        @Override
        public BulkSource open(long position) {
            BulkSource source = input.open(position);
            return new BulkSource() {
                private long left = rows;

                @Override
                public BulkRecord next() {
                    if (left-- == 0) {
                        throw new Broken();
                    }
                    return source.next();
                }

                @Override
                public long position() {
                    return source.position();
                }

                @Override
                public long done() {
                    return source.done();
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        }
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private Path write(List<String> texts) throws IOException {
        Path file = folder.resolve("docs.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            lines.append("{\"id\":\"d" + i + "\",\"text\":\"" + texts.get(i) + "\"}\n");
        }
        return Files.writeString(file, lines);
    }

    private <A> BulkReport run(
            SessionFixture fixture,
            BulkTask<A> task,
            BulkInput input,
            Path output,
            BulkSettings settings,
            BulkStart start) {
        BulkRun<A> run = new BulkRun<>(task, fixture.tokenizer, 256, settings);
        try (BulkOutput opened =
                BulkOutput.open(
                        output,
                        run.identity(input, Map.of("model", "m")),
                        start,
                        BulkPublisher.lines())) {
            return run.run(input, opened, BulkProgress.none());
        }
    }

    private List<JsonNode> rows(Path output) throws IOException {
        JsonMapper mapper = JsonMapper.builder().build();
        return Files.readAllLines(output).stream().map(mapper::readTree).toList();
    }

    private static float[] vector(JsonNode row) {
        float[] vector = new float[row.get("embedding").size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = row.get("embedding").get(i).floatValue();
        }
        return vector;
    }

    private static BulkInput input(Path file) {
        return JsonLinesInput.of(file, "text", "id");
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void shortTextsGetWhatASessionAnswersInTheOrderOfTheInput(Pooling pooling) throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "fused", tokenizer)) {
            Random random = new Random(3);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                texts.add(letters(random, 1 + random.nextInt(i % 7 == 0 ? WINDOW : 20)));
            }
            Path output = folder.resolve("out.jsonl");
            EmbedTask task = new EmbedTask(fixture.session, pooling, true, WindowPooling.MEAN);
            BulkReport report =
                    run(fixture, task, input(write(texts)), output, SETTINGS, BulkStart.ANY);
            List<JsonNode> rows = rows(output);
            assertThat(rows).hasSize(40);
            assertThat(report.counts().written()).isEqualTo(40);
            for (int i = 0; i < texts.size(); i++) {
                TokenizedText text = fixture.session.tokenize(texts.get(i));
                assertThat(rows.get(i).get("id").asString()).isEqualTo("d" + i);
                assertThat(rows.get(i).get("tokens").asInt()).isEqualTo(text.tokens());
                assertThat(vector(rows.get(i)))
                        .containsExactly(
                                fixture.session.embed(List.of(text), pooling, true).getFirst(),
                                within(2e-6f));
            }
            assertThat(folder.resolve("out.jsonl.part")).doesNotExist();
            assertThat(folder.resolve("out.jsonl.part.json")).doesNotExist();
        }
    }

    /** Tokens are letters here, so the windows of a text are parts of it. */
    @Test
    void aLongTextIsTheMeanOfItsWindowsByFreshTokens() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "fused", tokenizer)) {
            String text = letters(new Random(4), 600);
            Path output = folder.resolve("out.jsonl");
            EmbedTask task = new EmbedTask(fixture.session, Pooling.MEAN, true, WindowPooling.MEAN);
            run(
                    fixture,
                    task,
                    input(write(List.of(text, "short"))),
                    output,
                    SETTINGS,
                    BulkStart.ANY);
            double[] sum = new double[48];
            int[] from = {0, 190, 380};
            int[] fresh = {254, 190, 156};
            for (int w = 0; w < 3; w++) {
                String part = text.substring(from[w], Math.min(600, from[w] + WINDOW));
                float[] own =
                        fixture.session
                                .embed(List.of(fixture.session.tokenize(part)), Pooling.MEAN, false)
                                .getFirst();
                for (int i = 0; i < 48; i++) {
                    sum[i] += fresh[w] * own[i] / 600.0;
                }
            }
            double length = 0;
            for (double value : sum) {
                length += value * value;
            }
            List<JsonNode> rows = rows(output);
            float[] found = vector(rows.getFirst());
            for (int i = 0; i < 48; i++) {
                assertThat((double) found[i]).isCloseTo(sum[i] / Math.sqrt(length), within(5e-6));
            }
            assertThat(rows.getFirst().get("windows").asInt()).isEqualTo(3);
            assertThat(rows.getFirst().get("tokens").asInt()).isEqualTo(254 + 254 + 220 + 6);
            assertThat(rows.get(1).get("windows").asInt()).isEqualTo(1);
        }
    }

    @Test
    void classesOfALongTextAreAveraged() throws IOException {
        try (SessionFixture fixture =
                new SessionFixture("classification-single-label", null, "fused", tokenizer)) {
            String text = letters(new Random(6), 300);
            Path output = folder.resolve("out.jsonl");
            ClassifyTask task = new ClassifyTask(fixture.session);
            run(
                    fixture,
                    task,
                    input(write(List.of(text, "short"))),
                    output,
                    SETTINGS,
                    BulkStart.ANY);
            List<Classification> parts =
                    fixture.session.classify(
                            List.of(
                                    fixture.session.tokenize(text.substring(0, WINDOW)),
                                    fixture.session.tokenize(text.substring(190)),
                                    fixture.session.tokenize("short")));
            List<JsonNode> rows = rows(output);
            double all = 0;
            int labels = parts.getFirst().labels().size();
            for (int k = 0; k < labels; k++) {
                double expected =
                        (254.0 * parts.get(0).labels().get(k).value()
                                        + 46.0 * parts.get(1).labels().get(k).value())
                                / 300;
                double found = rows.getFirst().get("scores").get(k).get("score").asDouble();
                assertThat(found).isCloseTo(expected, within(2e-6));
                all += found;
                assertThat(rows.get(1).get("scores").get(k).get("score").asDouble())
                        .isCloseTo(parts.get(2).labels().get(k).value(), within(2e-6));
            }
            assertThat(all).isCloseTo(1, within(1e-5));
            assertThat(rows.get(1).get("label").asString()).isEqualTo(parts.get(2).best().label());
        }
    }

    @Test
    void aRunThatBreaksAnywhereGoesOnToTheSameBytes() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "chunks", tokenizer)) {
            Random random = new Random(7);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                texts.add(letters(random, 1 + random.nextInt(i % 20 == 9 ? 500 : 90)));
            }
            BulkInput input = input(write(texts));
            EmbedTask task = new EmbedTask(fixture.session, Pooling.MEAN, true, WindowPooling.MAX);
            Path calm = folder.resolve("calm.jsonl");
            run(fixture, task, input, calm, SETTINGS, BulkStart.ANY);
            for (long rows = 0; rows < 60; rows += 7) {
                Path output = folder.resolve("out.jsonl");
                long first = rows;
                assertThatThrownBy(() ->
                                run(
                                        fixture,
                                        task,
                                        new Breaking(input, first),
                                        output,
                                        SETTINGS,
                                        BulkStart.ANY))
                        .isInstanceOf(Broken.class);
                assertThat(output).doesNotExist();
                // Half a line that no checkpoint knows.
                Files.writeString(
                        folder.resolve("out.jsonl.part"), "{\"id\":\"d", StandardOpenOption.APPEND);
                BulkReport report = run(fixture, task, input, output, SETTINGS, BulkStart.RESUME);
                // A block has at least 512 letters here, and a text at most 499.
                assertThat(report.resumed()).isBetween(rows < 40 ? 0L : 1L, rows);
                assertThat(report.counts().written()).isEqualTo(60);
                assertThat(output).hasSameBinaryContentAs(calm);
                Files.delete(output);
            }
        }
    }

    @Test
    void badRowsAreNamedWithTheirLinesOrEndTheRun() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "fused", tokenizer)) {
            Path file = folder.resolve("docs.jsonl.gz");
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                List<String> lines =
                        List.of(
                                "\uFEFF{\"text\":\"one\"}\r",
                                "",
                                "{broken",
                                "[1]",
                                "{\"id\":7,\"text\":\"two\"}",
                                "{\"text\":3}",
                                "{\"id\":\"x\"}",
                                "{\"text\":\"\"}",
                                "");
                gzip.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
                gzip.write(new byte[] {'{', (byte) 0xC3, '}', '\n'});
                gzip.write("{\"id\":\"z\",\"text\":\"three\"}".getBytes(StandardCharsets.UTF_8));
            }
            Files.write(file, packed.toByteArray());
            EmbedTask task =
                    new EmbedTask(fixture.session, Pooling.FIRST, false, WindowPooling.MEAN);
            Path output = folder.resolve("out.jsonl");
            assertThatThrownBy(
                            () -> run(fixture, task, input(file), output, SETTINGS, BulkStart.ANY))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("docs.jsonl.gz:3: no JSON")
                    .hasMessageContaining("--bad skip");
            BulkSettings skip = new BulkSettings(LongTexts.STRIDE, BadRows.SKIP, 190, 16, 0);
            BulkReport report = run(fixture, task, input(file), output, skip, BulkStart.RESUME);
            assertThat(rows(output))
                    .extracting(row -> row.get("id").asString())
                    .containsExactly("1", "7", "z");
            assertThat(report.counts().bad()).isEqualTo(6);
            assertThat(report.counts().named())
                    .extracting(place -> place.substring(place.indexOf("gz:") + 3))
                    .satisfiesExactly(
                            p -> assertThat(p).startsWith("3: no JSON"),
                            p -> assertThat(p).isEqualTo("4: no JSON object"),
                            p -> assertThat(p).isEqualTo("6: member 'text' is no text"),
                            p -> assertThat(p).isEqualTo("7: member 'text' is missing"),
                            p -> assertThat(p).isEqualTo("8: the text is empty"),
                            p -> assertThat(p).isEqualTo("9: the line is not UTF-8"));
        }
    }

    @Test
    void longTextsAreTreatedAsAsked() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "fused", tokenizer)) {
            String text = letters(new Random(8), 300);
            BulkInput input = input(write(List.of("a", text, "b")));
            EmbedTask task =
                    new EmbedTask(fixture.session, Pooling.MEAN, false, WindowPooling.MEAN);
            Path output = folder.resolve("out.jsonl");
            run(fixture, task, input, output, settings(LongTexts.TRUNCATE), BulkStart.FORCE);
            float[] expected =
                    fixture.session
                            .embed(
                                    List.of(fixture.session.tokenize(text.substring(0, WINDOW))),
                                    Pooling.MEAN,
                                    false)
                            .getFirst();
            assertThat(vector(rows(output).get(1))).containsExactly(expected, within(2e-6f));
            BulkReport skipped =
                    run(fixture, task, input, output, settings(LongTexts.SKIP), BulkStart.FORCE);
            assertThat(rows(output))
                    .extracting(row -> row.get("id").asString())
                    .containsExactly("d0", "d2");
            assertThat(skipped.counts().tooLong()).isOne();
            assertThat(skipped.counts().named().getFirst()).endsWith(":2: the text has 302 tokens");
            assertThatThrownBy(() ->
                            run(
                                    fixture,
                                    task,
                                    input,
                                    output,
                                    settings(LongTexts.FAIL),
                                    BulkStart.FORCE))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining(":2: the text has 302 tokens");
            assertThat(rows(output)).hasSize(2);
        }
    }

    private static BulkSettings settings(LongTexts longTexts) {
        return new BulkSettings(longTexts, BadRows.FAIL, 190, 16, 0);
    }

    @Test
    void anOutputOfAnotherRunIsNotTouched() throws IOException {
        Path output = folder.resolve("out.jsonl");
        Map<String, String> mine = Map.of("input", "a", "stride", "3");
        assertThatThrownBy(() -> open(output, mine, BulkStart.RESUME))
                .hasMessageContaining("no unfinished");
        try (BulkOutput held = open(output, mine, BulkStart.ANY)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> open(output, mine, BulkStart.ANY))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("by another process");
        }
        assertThatThrownBy(() -> open(output, Map.of("input", "a", "stride", "4"), BulkStart.ANY))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("it has {stride=3} and this has {stride=4}");
        Files.writeString(output, "mine");
        assertThatThrownBy(() -> open(output, mine, BulkStart.ANY))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("--force")
                .hasMessageContaining("--resume");
        Files.delete(folder.resolve("out.jsonl.part.json"));
        Files.delete(output);
        Files.writeString(folder.resolve("out.jsonl.part"), "what is this");
        assertThatThrownBy(() -> open(output, mine, BulkStart.ANY))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("nothing says what it holds");
        open(output, mine, BulkStart.FORCE).close();
        assertThat(folder.resolve("out.jsonl.part")).isEmptyFile();
    }

    /** A kill between the name of the output and the end of what says that it is complete. */
    @Test
    void anOutputThatHasItsNameIsDone() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "fused", tokenizer)) {
            BulkInput input = input(write(List.of("a", "b")));
            EmbedTask task =
                    new EmbedTask(fixture.session, Pooling.MEAN, false, WindowPooling.MEAN);
            Path output = folder.resolve("out.jsonl");
            Path point = folder.resolve("out.jsonl.part.json");
            Path kept = folder.resolve("kept");
            BulkRun<float[]> run = new BulkRun<>(task, fixture.tokenizer, 256, SETTINGS);
            BulkPublisher publisher =
                    (lines, target) -> {
                        Files.copy(point, kept);
                        BulkPublisher.lines().publish(lines, target);
                    };
            try (BulkOutput opened =
                    BulkOutput.open(
                            output,
                            run.identity(input, Map.of("model", "m")),
                            BulkStart.ANY,
                            publisher)) {
                run.run(input, opened, BulkProgress.none());
            }
            byte[] bytes = Files.readAllBytes(output);
            Files.copy(kept, point);
            BulkReport again = run(fixture, task, input, output, SETTINGS, BulkStart.ANY);
            assertThat(again.resumed()).isEqualTo(2);
            assertThat(again.documents()).isZero();
            assertThat(output).hasBinaryContent(bytes);
            assertThat(point).doesNotExist();
            assertThat(folder.resolve("out.jsonl.part")).doesNotExist();
            Files.copy(kept, point);
            Files.delete(output);
            assertThatThrownBy(() -> run(fixture, task, input, output, SETTINGS, BulkStart.ANY))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("has 0 bytes where");
        }
    }

    private static BulkOutput open(Path output, Map<String, String> identity, BulkStart start) {
        return BulkOutput.open(output, identity, start, BulkPublisher.lines());
    }
}
