package io.longspan.model.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.InputFormat;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.ProblemType;
import io.longspan.model.session.InferenceRefusedException.Reason;
import io.longspan.model.tensor.TensorBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of every head against heads written out in plain Java, each text run alone. */
final class TaskSessionTest {
    private static final int WIDTH = 48;

    @TempDir Path folder;

    @Test
    void aSingleLabelIsASoftmaxOnTheGlobalFirstToken() throws IOException {
        classified("classification-single-label", ProblemType.SINGLE_LABEL, 5);
    }

    @Test
    void severalLabelsHaveASigmoidEach() throws IOException {
        classified("classification-multi-label", ProblemType.MULTI_LABEL, 4);
    }

    @Test
    void aRegressionGivesThePlainNumber() throws IOException {
        classified("classification-regression", ProblemType.REGRESSION, 1);
    }

    private void classified(String name, ProblemType problem, int classes) throws IOException {
        try (SessionFixture fixture = new SessionFixture(name, null, "chunks", folder);
                SafetensorsFile file = weights(SessionFixture.folder(name))) {
            List<TokenizedText> texts = List.of(text(fixture, "The sea."), text(fixture, "A cat"));
            List<Classification> answers = fixture.session.classify(texts);
            for (int b = 0; b < texts.size(); b++) {
                float[] states = states(fixture, texts.get(b), 0);
                double[] first = row(states, 0);
                double[] inner = linear(file, "classifier.dense", first, Math::tanh);
                double[] scores = linear(file, "classifier.out_proj", inner, x -> x);
                double[] expected =
                        switch (problem) {
                            case SINGLE_LABEL -> softmax(scores);
                            case MULTI_LABEL ->
                                    DoubleStream.of(scores)
                                            .map(x -> 1 / (1 + Math.exp(-x)))
                                            .toArray();
                            case REGRESSION -> scores;
                        };
                Classification answer = answers.get(b);
                assertThat(answer.problem()).isEqualTo(problem);
                assertThat(answer.labels()).hasSize(classes);
                int best = 0;
                for (int k = 0; k < classes; k++) {
                    best = expected[k] > expected[best] ? k : best;
                    assertThat(answer.labels().get(k).label()).isEqualTo("LABEL_" + k);
                    assertThat((double) answer.labels().get(k).value())
                            .isCloseTo(expected[k], within(2e-5));
                }
                assertThat(answer.best()).isEqualTo(answer.labels().get(best));
            }
        }
    }

    @Test
    void everyTokenOfTheTextGetsItsClass() throws IOException {
        try (SessionFixture fixture =
                        new SessionFixture("token-classification", null, "chunks", folder);
                SafetensorsFile file = weights(SessionFixture.folder("token-classification"))) {
            List<TokenizedText> texts =
                    List.of(text(fixture, "Caf\u00e9 by"), text(fixture, "sea"));
            List<List<TokenLabel>> answers = fixture.session.classifyTokens(texts);
            // One token for each byte; both bytes of the accented letter carry the whole of it, and
            // that of the space carries nothing.
            assertThat(answers.get(0))
                    .extracting(TokenLabel::start)
                    .containsExactly(0, 1, 2, 3, 3, 5, 5, 6);
            assertThat(answers.get(1)).extracting(TokenLabel::end).containsExactly(1, 2, 3);
            for (int b = 0; b < texts.size(); b++) {
                float[] states = states(fixture, texts.get(b));
                for (int t = 0; t < answers.get(b).size(); t++) {
                    double[] shares =
                            softmax(linear(file, "classifier", row(states, t + 1), x -> x));
                    TokenLabel label = answers.get(b).get(t);
                    double most = DoubleStream.of(shares).max().orElseThrow();
                    assertThat((double) label.probability()).isCloseTo(most, within(2e-5));
                    int k = Integer.parseInt(label.label().substring("LABEL_".length()));
                    assertThat(shares[k]).isCloseTo(most, within(2e-5));
                }
            }
        }
    }

    @Test
    void theBestPairsOfEndsInTheDocumentAreTheAnswers() throws IOException {
        try (SessionFixture fixture =
                        new SessionFixture("question-answering", null, "chunks", folder);
                SafetensorsFile file = weights(SessionFixture.folder("question-answering"))) {
            String document = "na\u00efve cats swim far";
            TokenizedText pair = fixture.session.tokenizePair("who swims?", document);
            TokenizedText other = fixture.session.tokenizePair("a", "b");
            AnswerSearch search = new AnswerSearch(5, 1000, 6);
            List<List<Answer>> answers = fixture.session.answer(List.of(other, pair), search);
            assertThat(answers.get(0)).hasSize(1);
            assertThat(answers.get(0).getFirst().start()).isZero();
            assertThat(answers.get(0).getFirst().end()).isEqualTo(1);

            int question = "who swims?".length() + 1;
            float[] states = states(fixture, pair, IntStream.range(0, question).toArray());
            int begin = question + 2;
            int tokens = pair.tokens() - begin - 1;
            double[][] ends = new double[tokens][];
            for (int t = 0; t < tokens; t++) {
                ends[t] = linear(file, "qa_outputs", row(states, begin + t), x -> x);
            }
            List<double[]> expected = new ArrayList<>();
            for (int i = 0; i < tokens; i++) {
                for (int j = i; j < Math.min(tokens, i + 6); j++) {
                    expected.add(new double[] {i, j, ends[i][0] + ends[j][1]});
                }
            }
            expected.sort((a, b) -> Double.compare(b[2], a[2]));
            for (int n = 0; n < 5; n++) {
                Answer answer = answers.get(1).get(n);
                double[] wanted = expected.get(n);
                assertThat((double) answer.score()).isCloseTo(wanted[2], within(4e-5));
                // The accented letter has two tokens and is one code point.
                int first = (int) wanted[0];
                int last = (int) wanted[1];
                int at = first > 2 ? first - 1 : first;
                assertThat(answer.start()).isEqualTo(document.charAt(at) == ' ' ? at + 1 : at);
                assertThat(answer.end()).isEqualTo(last > 2 ? last : last + 1);
            }
            assertThat(fixture.session.answer(List.of(pair), new AnswerSearch(1, 1000, 6)))
                    .hasSize(1);
        }
    }

    @Test
    void onlyTheBestCandidatesArePaired() throws IOException {
        try (SessionFixture fixture =
                new SessionFixture("question-answering", null, "chunks", folder)) {
            TokenizedText pair = fixture.session.tokenizePair("who?", "cats swim far away");
            List<Answer> all =
                    fixture.session.answer(List.of(pair), new AnswerSearch(100, 3, 30)).getFirst();
            assertThat(all).hasSizeLessThanOrEqualTo(9).isNotEmpty();
            assertThat(all).isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
            assertThat(all).allMatch(answer -> answer.start() <= answer.end());
        }
    }

    @Test
    void choicesShareASoftmax() throws IOException {
        try (SessionFixture fixture =
                        new SessionFixture("multiple-choice", null, "chunks", folder);
                SafetensorsFile file = weights(SessionFixture.folder("multiple-choice"))) {
            List<String> choices = List.of("swim", "fly high", "sit");
            List<TokenizedText> pairs =
                    choices.stream()
                            .map(choice -> fixture.session.tokenizePair("cats", choice))
                            .toList();
            List<float[]> answers =
                    fixture.session.choose(List.of(pairs, List.of(pairs.getFirst())));
            double[] scores = new double[3];
            for (int c = 0; c < 3; c++) {
                int second = 1 + "cats".length() + 2;
                int[] globals = IntStream.range(second, pairs.get(c).tokens()).toArray();
                double[] first = row(states(fixture, pairs.get(c), globals), 0);
                double[] pooled = linear(file, "longformer.pooler.dense", first, Math::tanh);
                scores[c] = linear(file, "classifier", pooled, x -> x)[0];
            }
            double[] expected = softmax(scores);
            for (int c = 0; c < 3; c++) {
                assertThat((double) answers.get(0)[c]).isCloseTo(expected[c], within(2e-5));
            }
            assertThat(answers.get(1)).containsExactly(1f);
        }
    }

    @Test
    void theCheckpointsOwnGlobalTokensAndSeparatorsAreUsed() throws IOException {
        Path changed = folder.resolve("changed");
        Files.createDirectories(changed);
        Path original = SessionFixture.folder("question-answering");
        Files.copy(original.resolve("model.safetensors"), changed.resolve("model.safetensors"));
        LongformerConfig config = LongformerConfigJson.read(original.resolve("config.json"));
        LongformerConfigJson.write(
                config.toBuilder()
                        .inputFormat(new InputFormat(GlobalPolicy.parse("2,3"), 1))
                        .build(),
                changed.resolve("config.json"));
        try (SessionFixture fixture = new SessionFixture(changed, null, "loop", folder);
                SafetensorsFile file = weights(changed)) {
            TokenizedText pair = fixture.session.tokenizePair("ab", "cd");
            int[] ids = pair.encoding().ids();
            assertThat(ids).hasSize(7);
            assertThat(new int[] {ids[0], ids[3], ids[6]}).containsExactly(0, 2, 2);
            assertThat(pair.encoding().sequence(4)).isOne();
            assertThat(pair.encoding().start(5)).isOne();
            float[] states = states(fixture, pair, 2, 3);
            double[] c = linear(file, "qa_outputs", row(states, 4), x -> x);
            double[] d = linear(file, "qa_outputs", row(states, 5), x -> x);
            double best = Math.max(c[0] + c[1], Math.max(c[0] + d[1], d[0] + d[1]));
            Answer answer =
                    fixture.session
                            .answer(List.of(pair), AnswerSearch.DEFAULT)
                            .getFirst()
                            .getFirst();
            assertThat((double) answer.score()).isCloseTo(best, within(2e-5));
        }
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithItsReason() throws IOException {
        try (SessionFixture fixture =
                new SessionFixture("question-answering", null, "loop", folder)) {
            InferenceSession session = fixture.session;
            List<TokenizedText> texts = List.of(text(fixture, "a"));
            refused(() -> session.classify(texts), Reason.NO_HEAD, "sequence-classification model");
            refused(() -> session.classifyTokens(texts), Reason.NO_HEAD, "token-classification");
            refused(() -> session.choose(List.of(texts)), Reason.NO_HEAD, "multiple-choice model");
            refused(() -> session.fillMask(texts, 1), Reason.NO_HEAD, "no language-model head");
            refused(() -> session.tokenizePair("", "b"), Reason.EMPTY_TEXT, "first text");
            refused(() -> session.tokenizePair("a", ""), Reason.EMPTY_TEXT, "second text");
            refused(
                    () -> session.tokenizePair("a", "x".repeat(255)),
                    Reason.TOO_LONG,
                    "has 260 tokens, 4 more than the 256");
            refused(() -> new AnswerSearch(0, 1, 1), Reason.TOP_K, "answers is 0");
        }
    }

    private static void refused(Runnable question, Reason reason, String message) {
        assertThatThrownBy(question::run)
                .isInstanceOf(InferenceRefusedException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((InferenceRefusedException) e).reason())
                .isEqualTo(reason);
    }

    private static TokenizedText text(SessionFixture fixture, String text) {
        return fixture.session.tokenize(text);
    }

    private static float[] states(SessionFixture fixture, TokenizedText text, int... globals) {
        long[] ids = Arrays.stream(text.encoding().ids()).asLongStream().toArray();
        SequenceLayout layout = SequenceLayout.allLocal(ids.length).withGlobals(globals);
        try (NDManager manager = fixture.model.newManager()) {
            TokenBatch batch = TokenBatch.of(fixture.model.config(), ids, layout);
            return TensorBridge.floats(
                    fixture.model.encoder().forward(batch, fixture.backend.backend(), manager));
        }
    }

    private static double[] row(float[] states, int token) {
        return IntStream.range(0, WIDTH).mapToDouble(i -> states[token * WIDTH + i]).toArray();
    }

    private static SafetensorsFile weights(Path checkpoint) {
        return SafetensorsFile.open(checkpoint.resolve("model.safetensors"));
    }

    private static double[] linear(
            SafetensorsFile file, String name, double[] input, DoubleUnaryOperator after) {
        float[] weight = file.get(name + ".weight").toFloats();
        float[] bias = file.get(name + ".bias").toFloats();
        double[] output = new double[bias.length];
        for (int o = 0; o < output.length; o++) {
            double sum = bias[o];
            for (int i = 0; i < input.length; i++) {
                sum += weight[o * input.length + i] * input[i];
            }
            output[o] = after.applyAsDouble(sum);
        }
        return output;
    }

    private static double[] softmax(double[] scores) {
        double sum = DoubleStream.of(scores).map(Math::exp).sum();
        return DoubleStream.of(scores).map(score -> Math.exp(score) / sum).toArray();
    }
}
