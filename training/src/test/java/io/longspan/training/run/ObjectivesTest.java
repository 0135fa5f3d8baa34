package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfigJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Objectives that learn from examples, each on a task that a tiny model can learn. */
final class ObjectivesTest {
    private static final long SEED = 5;

    @TempDir Path folder;
    private Path model;

    @BeforeEach
    void makeModel() {
        model = Tiny.model(folder, TinyTask.VOCABULARY);
        TinyTask.tokenizer(model);
    }

    @ParameterizedTest
    @CsvSource({
        "token-classification, micro_f1, 0.9, LongformerForTokenClassification",
        "multiple-choice, accuracy, 0.9, LongformerForMultipleChoice",
        "question-answering, exact_match, 80, LongformerForQuestionAnswering"
    })
    void aTaskIsLearnedAndMeasuredAgainTheSame(
            String objective, String metric, double least, String architecture) {
        Map<String, Object> settings = settings(objective, "run");
        Path validation = examples(objective, "validation", 80, SEED + 1);
        settings.put("validation", validation.toString());
        settings.put("epochs", 6);
        RecordedLog log = new RecordedLog();
        TrainingOutcome outcome = Tiny.tune(settings, log, "fused");
        double first = log.metrics.get("held_out_" + metric).firstEntry().getValue();
        double learned = log.metrics.get("held_out_" + metric).lastEntry().getValue();
        System.out.println(
                "seed " + SEED + ": " + objective + " " + metric + " " + first + " -> " + learned);
        assertThat(outcome.state()).isEqualTo(RunState.COMPLETED);
        assertThat(first).isLessThan(least * 0.8);
        assertThat(learned).isGreaterThan(least);
        assertThat(
                        LongformerConfigJson.read(outcome.checkpoint().resolve("config.json"))
                                .architectures())
                .containsExactly(architecture);
        try (AttentionBackend backend = Tiny.backend("fused")) {
            Map<String, Object> own = new TreeMap<>();
            own.put("tokens_per_batch", 200);
            own.put("sequence_length", 40);
            if (objective.equals("question-answering")) {
                own.put("document_overlap", 8);
            }
            Evaluator.Result again =
                    new Evaluator(outcome.checkpoint(), validation, own).run(backend, null);
            assertThat(again.measured().metrics().get(metric)).isEqualTo(learned);
            assertThat(again.measured().loss()).isEqualTo(outcome.lastLoss(), within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"token-classification", "multiple-choice", "question-answering"})
    void aRunInTwoPartsEqualsARunInOne(String objective) {
        Map<String, Object> one = settings(objective, "one");
        Map<String, Object> two = settings(objective, "two");
        for (Map<String, Object> settings : List.of(one, two)) {
            settings.remove("epochs");
            settings.put("steps", 4);
            settings.put("hidden_dropout", 0.1);
            settings.put("attention_dropout", 0.1);
        }
        RecordedLog whole = new RecordedLog();
        Tiny.tune(one, whole, "chunks");
        RecordedLog parts = new RecordedLog();
        AtomicInteger asked = new AtomicInteger();
        Tiny.tune(two, parts, "chunks", () -> asked.getAndIncrement() == 2);
        assertThat(parts.losses).hasSize(2);
        RecordedLog rest = new RecordedLog();
        Tiny.tune(two, rest, "chunks");
        parts.losses.putAll(rest.losses);
        assertThat(parts.losses).isEqualTo(whole.losses).hasSize(4);
    }

    @Test
    void aLongDocumentIsReadInWindowsThatOverlap() {
        // 8 tokens before and 1 after the document leave 31 of 40: windows at 0, 23, 46.
        Path file = folder.resolve("long.json");
        write(file, squad(List.of(question("where", "a".repeat(70) + "qq", "qq", 70))));
        Map<String, Object> settings = settings("question-answering", "run");
        settings.put("train", file.toString());
        settings.put("evaluation_share", 0);
        settings.put("epochs", 1);
        TrainingOutcome outcome = Tiny.tune(settings, new RecordedLog(), "chunks");
        assertThat(outcome.tokens()).isEqualTo(40 + 40 + (8 + 26 + 1));
    }

    /** Both layouts say the same, so they train the same. */
    @Test
    void wordsWithTagsAndTextsWithSpansAreTheSameExamples() {
        Random random = new Random(SEED);
        List<ObjectNode> words = new ArrayList<>();
        List<ObjectNode> spans = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ObjectNode tagged = InputJson.mapper().createObjectNode();
            ObjectNode plain = InputJson.mapper().createObjectNode();
            ArrayNode named = plain.putArray("spans");
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < 4; w++) {
                // One letter a word, so that every token has a tag but for the spaces.
                String word = random.nextBoolean() ? "q" : "a";
                tagged.withArray("tokens").add(word);
                tagged.withArray("tags").add(word.equals("q") ? "B-Q" : "O");
                text.append(' ').append(word);
                if (word.equals("q")) {
                    named.addObject()
                            .put("start", text.length() - 1)
                            .put("end", text.length())
                            .put("label", "Q");
                }
            }
            plain.put("text", text.toString());
            words.add(tagged);
            spans.add(plain);
        }
        List<Long> tokens = new ArrayList<>();
        for (List<ObjectNode> lines : List.of(words, spans)) {
            Map<String, Object> settings = settings("token-classification", "run" + tokens.size());
            settings.put(
                    "train",
                    TinyTask.write(folder.resolve("t" + tokens.size() + ".jsonl"), lines)
                            .toString());
            settings.put("evaluation_share", 0);
            settings.put("labels", List.of("O", "B-Q", "I-Q"));
            settings.put("epochs", 1);
            tokens.add(Tiny.tune(settings, new RecordedLog(), "chunks").tokens());
        }
        assertThat(tokens.getFirst()).isEqualTo(tokens.getLast()).isEqualTo(20 * (8 + 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token-classification | {\"tokens\":[\"a\",\"b\"],\"tags\":[\"O\"]} | 2 tokens and 1 tags",
                "token-classification | {\"text\":\"abc\",\"spans\":[{\"start\":2,\"end\":9,\"label\":\"X\"}]} | between 0 and 3",
                "token-classification | {\"text\":\"abc\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"X\"},{\"start\":1,\"end\":3,\"label\":\"X\"}]} | overlap at 1",
                "token-classification | {\"text\":\"abc\"} | no field 'spans'",
                "multiple-choice | {\"question\":\"a\",\"choices\":[\"b\",\"c\"],\"label\":2} | 0 to 1",
                "multiple-choice | {\"question\":\"a\",\"choices\":[\"b\"],\"label\":0} | two or more",
                "multiple-choice | {\"question\":\"a\",\"choices\":[\"b\",\"c\"],\"label\":\"d\"} | or its text",
                "multiple-choice | {\"choices\":[\"b\",\"c\"],\"label\":1} | no field 'question'"
            })
    void aBrokenLineIsNamed(String objective, String line, String message) {
        Path file = folder.resolve("broken.jsonl");
        write(file, "\n" + line + "\n");
        Map<String, Object> settings = settings(objective, "run");
        settings.put("train", file.toString());
        assertThatThrownBy(() -> Tiny.tune(settings, new RecordedLog(), "chunks"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("line 2 of '" + file + "'")
                .hasMessageContaining(message);
    }

    @Test
    void aBrokenQuestionIsNamed() {
        Map<String, Object> settings = settings("question-answering", "run");
        settings.put("evaluation_share", 0);
        Path file = Path.of(settings.get("train").toString());
        write(file, squad(List.of(question("what", "abc qq", "qq", 3))));
        refused(settings, "question 'n0' of '" + file + "'", "'qq'", "at 3");
        ObjectNode none = question("what", "abc", "b", 1);
        none.putArray("answers");
        write(file, squad(List.of(none)));
        refused(settings, "question 'n0'", "no_answer: true");
        write(file, squad(List.of(question("w".repeat(40), "abc", "b", 1))));
        refused(settings, "question 'n0'", "document_overlap");
        write(file, "{\"data\": []}");
        refused(settings, file.toString(), "holds no question");
        settings.put("truncate", true);
        refused(settings, "'truncate' means nothing for objective question-answering");
    }

    @Test
    void aQuestionWithoutAnAnswerIsLearnedWhereItIsAllowed() {
        List<ObjectNode> questions = new ArrayList<>();
        Random random = new Random(SEED);
        for (int i = 0; i < 160; i++) {
            String text = letters(random, 20);
            int at = random.nextInt(text.length());
            ObjectNode question =
                    question("where", text.substring(0, at) + "qz" + text.substring(at), "qz", at);
            if (i % 2 == 0) {
                question = question("where", text, "", 0);
                question.putArray("answers");
                question.put("is_impossible", true);
            }
            questions.add(question);
        }
        Map<String, Object> settings = settings("question-answering", "run");
        write(Path.of(settings.get("train").toString()), squad(questions));
        settings.put("no_answer", true);
        settings.put("epochs", 8);
        RecordedLog log = new RecordedLog();
        Tiny.tune(settings, log, "fused");
        double exact = log.metrics.get("held_out_exact_match").lastEntry().getValue();
        System.out.println("seed " + SEED + ": exact match with no answers " + exact);
        assertThat(exact).isGreaterThan(85);
    }

    private void refused(Map<String, Object> settings, String... message) {
        assertThatThrownBy(() -> Tiny.tune(settings, new RecordedLog(), "chunks"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContainingAll(message);
    }

    private Map<String, Object> settings(String objective, String output) {
        Map<String, Object> settings =
                TinyTask.settings(
                        model, folder.resolve(output), examples(objective, "train", 160, SEED));
        settings.put("objective", objective);
        settings.put("sequence_length", 40);
        if (objective.equals("question-answering")) {
            settings.put("document_overlap", 8);
        }
        return settings;
    }

    private Path examples(String objective, String name, int count, long seed) {
        Random random = new Random(seed);
        List<ObjectNode> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(
                    switch (objective) {
                        case "token-classification" -> tagged(random);
                        case "multiple-choice" -> choice(random);
                        default -> {
                            String text = letters(random, 20 + random.nextInt(20));
                            int at = random.nextInt(text.length());
                            yield question(
                                    "where",
                                    text.substring(0, at) + "qz" + text.substring(at),
                                    "qz",
                                    at);
                        }
                    });
        }
        Path file = folder.resolve(objective + "-" + name);
        return objective.equals("question-answering")
                ? write(file, squad(lines))
                : TinyTask.write(file, lines);
    }

    private static ObjectNode tagged(Random random) {
        ObjectNode line = InputJson.mapper().createObjectNode();
        for (int w = 0; w < 3 + random.nextInt(3); w++) {
            int kind = random.nextInt(3);
            line.withArray("tokens").add("aqz".charAt(kind) + letters(random, 2));
            line.withArray("tags").add(List.of("O", "B-Q", "B-Z").get(kind));
        }
        return line;
    }

    private static ObjectNode choice(Random random) {
        ObjectNode line = InputJson.mapper().createObjectNode();
        line.put("question", letters(random, 4));
        int right = random.nextInt(3);
        for (int c = 0; c < 3; c++) {
            line.withArray("choices").add((c == right ? "qqq" : "zzz") + letters(random, 3));
        }
        line.put("label", right);
        return line;
    }

    private static ObjectNode question(String text, String document, String answer, int start) {
        ObjectNode question = InputJson.mapper().createObjectNode();
        question.put("question", text).put("context", document);
        question.putArray("answers").addObject().put("text", answer).put("answer_start", start);
        return question;
    }

    private static String squad(List<ObjectNode> questions) {
        ObjectNode root = InputJson.mapper().createObjectNode();
        ArrayNode paragraphs = root.putArray("data").addObject().putArray("paragraphs");
        for (int i = 0; i < questions.size(); i++) {
            ObjectNode question = questions.get(i);
            question.put("id", "n" + i);
            ObjectNode paragraph = paragraphs.addObject();
            paragraph.put("context", question.get("context").asString());
            paragraph.putArray("qas").add(question);
        }
        return root.toString();
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(16)));
        }
        return text.toString();
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
