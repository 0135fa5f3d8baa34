package io.longspan.model.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.session.InferenceRefusedException.Reason;
import io.longspan.model.tensor.TensorBridge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InferenceSessionTest {
    private static final String TEXT = "The <mask> sat on the <mask> and looked at the sea.";

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks"})
    void guessesEqualASoftmaxOverEveryTokensScores(String attention) throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, attention, folder)) {
            TokenizedText text = fixture.session.tokenizeMasked(TEXT, 7);
            List<MaskGuesses> guesses = fixture.session.fillMask(List.of(text), 7).getFirst();
            assertThat(text.masks()).hasSize(2);
            assertThat(guesses)
                    .extracting(MaskGuesses::position)
                    .containsExactlyElementsOf(text.masks());
            float[] hidden = states(fixture, text, SequenceLayout.allLocal(text.tokens()));
            float[] scores = scores(fixture, hidden);
            for (MaskGuesses mask : guesses) {
                double[] expected =
                        softmax(
                                Arrays.copyOfRange(
                                        scores,
                                        mask.position() * 503,
                                        (mask.position() + 1) * 503));
                List<Integer> order =
                        IntStream.range(0, 503)
                                .boxed()
                                .sorted(Comparator.comparingDouble(id -> -expected[id]))
                                .limit(7)
                                .toList();
                assertThat(mask.guesses())
                        .extracting(TokenGuess::id)
                        .containsExactlyElementsOf(order);
                for (TokenGuess guess : mask.guesses()) {
                    assertThat((double) guess.probability())
                            .isCloseTo(expected[guess.id()], within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks"})
    void embeddingsEqualPlainPoolingOfTheEncodersStatesWithAGlobalFirstToken(String attention)
            throws IOException {
        try (SessionFixture fixture =
                new SessionFixture("encoder-global-first", null, attention, folder)) {
            TokenizedText text = fixture.session.tokenize("What is the sea to a cat?");
            int tokens = text.tokens();
            float[] hidden = states(fixture, text, SequenceLayout.allLocal(tokens).withGlobals(0));
            double[] mean = new double[48];
            for (int i = 0; i < hidden.length; i++) {
                mean[i % 48] += hidden[i] / (double) tokens;
            }
            double length = Math.sqrt(Arrays.stream(mean).map(x -> x * x).sum());
            float[] plain = fixture.session.embed(List.of(text), Pooling.MEAN, false).getFirst();
            float[] unit = fixture.session.embed(List.of(text), Pooling.MEAN, true).getFirst();
            float[] first = fixture.session.embed(List.of(text), Pooling.FIRST, false).getFirst();
            float[] local = states(fixture, text, SequenceLayout.allLocal(tokens));
            for (int i = 0; i < 48; i++) {
                assertThat((double) plain[i]).isCloseTo(mean[i], within(1e-5));
                assertThat((double) unit[i]).isCloseTo(mean[i] / length, within(1e-5));
                assertThat(first[i]).isCloseTo(hidden[i], within(1e-5f));
            }
            assertThat(first[0]).isNotCloseTo(local[0], within(1e-4f));
        }
    }

    @Test
    void aBatchAnswersLikeEachTextAlone() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "chunks", folder)) {
            List<TokenizedText> texts =
                    List.of(
                            fixture.session.tokenize("a <mask>"),
                            fixture.session.tokenize(TEXT.repeat(3)),
                            fixture.session.tokenize("no mask here"),
                            fixture.session.tokenize("<mask>"));
            List<float[]> together = fixture.session.embed(texts, Pooling.MEAN, true);
            List<List<MaskGuesses>> filled = fixture.session.fillMask(texts, 3);
            assertThat(filled).extracting(List::size).containsExactly(1, 6, 0, 1);
            for (int b = 0; b < texts.size(); b++) {
                List<TokenizedText> alone = List.of(texts.get(b));
                assertThat(together.get(b))
                        .containsExactly(
                                fixture.session.embed(alone, Pooling.MEAN, true).getFirst(),
                                within(2e-6f));
                List<MaskGuesses> own = fixture.session.fillMask(alone, 3).getFirst();
                for (int m = 0; m < own.size(); m++) {
                    assertThat(filled.get(b).get(m).guesses())
                            .extracting(TokenGuess::id)
                            .containsExactlyElementsOf(
                                    own.get(m).guesses().stream().map(TokenGuess::id).toList());
                }
            }
        }
    }

    @Test
    void threadsShareASession() throws Exception {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<float[]>> vectors = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String text = "text number " + i % 2;
                vectors.add(threads.submit(() -> embed(fixture, text)));
            }
            for (int i = 0; i < 16; i++) {
                assertThat(vectors.get(i).get())
                        .containsExactly(embed(fixture, "text number " + i % 2));
            }
        }
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithItsReason() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "loop", folder)) {
            InferenceSession session = fixture.session;
            assertThat(session.longest()).isEqualTo(256);
            assertThat(session.tokenize("x".repeat(254)).tokens()).isEqualTo(256);
            refused(
                    () -> session.tokenize("x".repeat(259)),
                    Reason.TOO_LONG,
                    "has 261 tokens, 5 more than the 256");
            refused(() -> session.tokenize(""), Reason.EMPTY_TEXT, "is empty");
            refused(
                    () -> session.tokenizeMasked("nothing to guess", 5),
                    Reason.NO_MASK,
                    "no <mask>");
            refused(() -> session.tokenizeMasked("<mask>", 0), Reason.TOP_K, "is 0; it must");
            refused(() -> session.tokenizeMasked("<mask>", 101), Reason.TOP_K, "from 1 to 100");
            refused(
                    () -> session.fillMask(List.of(session.tokenize("<mask>")), -1),
                    Reason.TOP_K,
                    "is -1");
        }
    }

    @Test
    void aModelWithoutAHeadEmbedsButFillsNoMasks() throws IOException {
        try (SessionFixture fixture =
                new SessionFixture("masked-lm", Task.ENCODER, "loop", folder)) {
            refused(
                    () -> fixture.session.tokenizeMasked("<mask>", 5),
                    Reason.NO_HEAD,
                    "no language-model head");
            assertThat(embed(fixture, "still a text")).hasSize(48);
        }
    }

    @Test
    void aRobertaAnswersWithoutGlobalTokens() throws IOException {
        try (SessionFixture fixture = new SessionFixture("roberta-source", null, "loop", folder)) {
            TokenizedText text = fixture.session.tokenize("a short <mask>");
            float[] expected = states(fixture, text, SequenceLayout.allLocal(text.tokens()));
            assertThat(fixture.session.embed(List.of(text), Pooling.FIRST, false).getFirst())
                    .containsExactly(Arrays.copyOf(expected, 48), within(1e-5f));
            assertThat(fixture.session.fillMask(List.of(text), 1).getFirst()).hasSize(1);
        }
    }

    @Test
    void tokensAreScoredBehindAMaskOfTheirOwnByALogSoftmaxOverEveryWord() throws IOException {
        try (SessionFixture fixture = new SessionFixture("masked-lm", null, "chunks", folder)) {
            InferenceSession session = fixture.session;
            TokenizedText text = session.tokenizeScored("a <mask> b!");
            int[] judged = session.judged(text);
            List<TokenizedText> runs = session.scoringRuns(text);
            List<float[]> scored = session.score(text, runs);
            assertThat(text.masks()).hasSize(1);
            assertThat(judged).hasSize(text.tokens() - 3).doesNotContain(text.masks().getFirst());
            assertThat(runs).hasSize(judged.length);
            for (int i = 0; i < judged.length; i++) {
                assertThat(runs.get(i).encoding().id(judged[i])).isEqualTo(SessionFixture.MASK);
                float[] scores =
                        scores(
                                fixture,
                                states(
                                        fixture,
                                        runs.get(i),
                                        SequenceLayout.allLocal(text.tokens())));
                double[] probabilities =
                        softmax(Arrays.copyOfRange(scores, judged[i] * 503, (judged[i] + 1) * 503));
                assertThat(scored.get(i)).hasSize(1);
                assertThat((double) scored.get(i)[0])
                        .isCloseTo(
                                Math.log(probabilities[text.encoding().id(judged[i])]),
                                within(1e-4));
                assertThat(session.score(text, runs.subList(i, i + 1)).getFirst())
                        .containsExactly(scored.get(i), within(1e-4f));
            }
        }
    }

    @Test
    void vectorsOfTokensAreTheStatesThatAnEmbeddingIsTheMeanOf() throws IOException {
        try (SessionFixture fixture =
                new SessionFixture("encoder-global-first", null, "chunks", folder)) {
            TokenizedText text = fixture.session.tokenize("What is the sea to a cat?");
            TokenizedText other = fixture.session.tokenize("short");
            float[] hidden =
                    states(fixture, text, SequenceLayout.allLocal(text.tokens()).withGlobals(0));
            List<List<float[]>> vectors = fixture.session.embedTokens(List.of(other, text));
            assertThat(vectors.getFirst()).hasSize(other.tokens());
            assertThat(vectors.getLast()).hasSize(text.tokens());
            for (int t = 0; t < text.tokens(); t++) {
                assertThat(vectors.getLast().get(t))
                        .containsExactly(
                                Arrays.copyOfRange(hidden, t * 48, (t + 1) * 48), within(1e-5f));
            }
        }
    }

    private static float[] embed(SessionFixture fixture, String text) {
        return fixture.session
                .embed(List.of(fixture.session.tokenize(text)), Pooling.MEAN, false)
                .getFirst();
    }

    private static void refused(Runnable question, Reason reason, String message) {
        assertThatThrownBy(question::run)
                .isInstanceOf(InferenceRefusedException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((InferenceRefusedException) e).reason())
                .isEqualTo(reason);
    }

    private static float[] states(
            SessionFixture fixture, TokenizedText text, SequenceLayout layout) {
        long[] ids = Arrays.stream(text.encoding().ids()).asLongStream().toArray();
        try (NDManager manager = fixture.model.newManager()) {
            TokenBatch batch = TokenBatch.of(fixture.model.config(), ids, layout);
            return TensorBridge.floats(
                    fixture.model.encoder().forward(batch, fixture.backend.backend(), manager));
        }
    }

    private static float[] scores(SessionFixture fixture, float[] hidden) {
        try (NDManager manager = fixture.model.newManager()) {
            NDArray rows = manager.create(hidden).reshape(-1, 48); // [T, N]
            return TensorBridge.floats(fixture.model.maskedLmHead().orElseThrow().forward(rows));
        }
    }

    private static double[] softmax(float[] scores) {
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score);
        }
        double[] probabilities = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = Math.exp(scores[i]) / sum;
        }
        return probabilities;
    }
}
