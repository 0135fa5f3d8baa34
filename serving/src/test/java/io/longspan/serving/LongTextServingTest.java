package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.BackendSelection;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.ScoreRequest;
import io.longspan.api.v1.ScoreResponse;
import io.longspan.api.v1.SpanAnswer;
import io.longspan.api.v1.TokenEmbeddingsRequest;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import io.longspan.api.v1.TokenScore;
import io.longspan.api.v1.TokenVector;
import io.longspan.api.v1.WindowPooling;
import io.longspan.api.v1.Windows;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.session.Answer;
import io.longspan.model.session.AnswerSearch;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.LabelScore;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Texts that are longer than their model, scores, and vectors of tokens, over the wire. */
final class LongTextServingTest {
    /** Enough for windows of more than one part. */
    private static final String LONG = " the river runs".repeat(1700);

    private static final int STRIDE = 448;

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static TestServer server;
    private static LongspanClient client;

    /** A window as the definition has it: which tokens of the text, and how many are new. */
    private record Cut(TokenizedText text, int fresh) {}

    @BeforeAll
    static void start() throws IOException {
        store = POSTGRES.open();
        ServedModelSpec words = TestModels.longformer(folder, "words", 3);
        ServedModelSpec colours =
                TestModels.withHead(
                        words,
                        "colours",
                        Task.SEQUENCE_CLASSIFICATION,
                        null,
                        List.of("red", "green", "blue"),
                        5);
        ServedModelSpec answers =
                TestModels.withHead(words, "answers", Task.QUESTION_ANSWERING, null, List.of(), 6);
        server =
                new TestServer(
                        store,
                        ServingSettings.of(
                                List.of(words, colours, answers), folder.resolve("spool")),
                        TestModels.backends("chunks"));
        client = server.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        store.close();
    }

    @Test
    void anEmbeddingInWindowsIsTheirMeanByFreshTokensAndOneRowHoldsAll() throws Exception {
        List<Cut> windows = windows("words");
        assertThat(windows.size()).isGreaterThan(8);
        EmbedResponse answer =
                client.embed(
                        embed(LONG)
                                .setNormalize(true)
                                .setWindows(Windows.newBuilder().setStride(STRIDE))
                                .build());
        double[] sum = new double[answer.getVectorCount()];
        for (Cut window : windows) {
            float[] vector =
                    session("words").embed(List.of(window.text()), Pooling.MEAN, false).getFirst();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) window.fresh() * vector[i];
            }
        }
        double length = 0;
        for (double value : sum) {
            length += value * value;
        }
        for (int i = 0; i < sum.length; i++) {
            assertThat((double) answer.getVector(i))
                    .isCloseTo(sum[i] / Math.sqrt(length), within(1e-5));
        }
        int tokens = windows.stream().mapToInt(window -> window.text().tokens()).sum();
        assertThat(answer.getCall().getWindows()).isEqualTo(windows.size());
        assertThat(answer.getCall().getTokens()).isEqualTo(tokens);
        assertThat(answer.getCall().getTruncatedTokens()).isZero();
        assertThat(Durations.toNanos(answer.getCall().getComputeTime())).isPositive();
        List<InferenceRow> rows = TestServer.rows(store, answer.getCall().getInferenceId());
        assertThat(rows)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo("OK");
                    assertThat(row.tokens()).isEqualTo(tokens);
                });
    }

    @Test
    void theLargestOfTheWindowsIsTakenWhereItIsAskedFor() {
        EmbedResponse answer =
                client.embed(
                        embed(LONG)
                                .setWindows(
                                        Windows.newBuilder()
                                                .setStride(STRIDE)
                                                .setPooling(WindowPooling.WINDOW_POOLING_MAX))
                                .build());
        float[] largest = null;
        for (Cut window : windows("words")) {
            float[] vector =
                    session("words").embed(List.of(window.text()), Pooling.MEAN, false).getFirst();
            for (int i = 0; largest != null && i < vector.length; i++) {
                vector[i] = Math.max(vector[i], largest[i]);
            }
            largest = vector;
        }
        for (int i = 0; i < answer.getVectorCount(); i++) {
            assertThat(answer.getVector(i)).isCloseTo(largest[i], within(1e-5f));
        }
    }

    @Test
    void classesInWindowsAreTheirMeanByFreshTokens() {
        ClassifyResponse answer =
                client.classify(
                        ClassifyRequest.newBuilder()
                                .setModel(ref("colours"))
                                .setText(LONG)
                                .setWindows(Windows.newBuilder().setStride(STRIDE))
                                .build());
        double[] sum = new double[3];
        double all = 0;
        for (Cut window : windows("colours")) {
            List<LabelScore> labels =
                    session("colours").classify(List.of(window.text())).getFirst().labels();
            for (int k = 0; k < 3; k++) {
                sum[k] += (double) window.fresh() * labels.get(k).value();
            }
            all += window.fresh();
        }
        for (int k = 0; k < 3; k++) {
            assertThat((double) answer.getLabels(k).getValue())
                    .isCloseTo(sum[k] / all, within(1e-5));
        }
        assertThat(answer.getLabelsList())
                .extracting(io.longspan.api.v1.LabelScore::getLabel)
                .containsExactly("red", "green", "blue");
    }

    @Test
    void answersAreTheBestOfAllWindowsWithPlacesInTheDocument() {
        String question = "Where does it run?";
        StringBuilder document = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            document.append(" river ").append(i).append(" runs;");
        }
        AnswerQuestionRequest request =
                AnswerQuestionRequest.newBuilder()
                        .setModel(ref("answers"))
                        .setQuestion(question)
                        .setDocument(document.toString())
                        .setTopK(5)
                        .build();
        refused(() -> client.answerQuestion(request), "more than the 600 that this model reads");
        AnswerQuestionResponse answer =
                client.answerQuestion(
                        request.toBuilder()
                                .setWindows(Windows.newBuilder().setStride(STRIDE))
                                .build());
        ServedModel model = served("answers");
        int separators = model.model().config().inputFormat().pairSeparators();
        Encoding pair = model.tokenizer().encodePair(question, document.toString(), separators);
        int frame = 0;
        while (pair.sequence(frame) != 1) {
            frame++;
        }
        int own = pair.size() - frame - 1;
        int room = TestModels.LONGEST - frame - 1;
        List<Answer> all = new ArrayList<>();
        int count = 0;
        for (int from = 0, to = 0; to < own; from += STRIDE, count++) {
            to = Math.min(own, from + room);
            Encoding window = pair.withSecondPart(from, to);
            assertThat(window.size()).isEqualTo(frame + 1 + to - from);
            assertThat(window.start(frame)).isEqualTo(pair.start(frame + from));
            assertThat(window.id(window.size() - 1)).isEqualTo(pair.id(pair.size() - 1));
            all.addAll(
                    model.session()
                            .answer(
                                    List.of(new TokenizedText(window, List.of())),
                                    new AnswerSearch(5, 20, 30))
                            .getFirst());
        }
        all.sort((a, b) -> Float.compare(b.score(), a.score()));
        assertThat(count).isGreaterThan(3);
        assertThat(answer.getCall().getWindows()).isEqualTo(count);
        assertThat(answer.getAnswersCount()).isEqualTo(5);
        assertThat(answer.getAnswers(0).getScore())
                .isCloseTo(all.getFirst().score(), within(1e-4f));
        assertThat(answer.getAnswersList())
                .extracting(span -> span.getStart() + "-" + span.getEnd())
                .doesNotHaveDuplicates();
        for (SpanAnswer span : answer.getAnswersList()) {
            assertThat(span.getText())
                    .isEqualTo(document.substring(span.getStart(), span.getEnd()));
            assertThat(all)
                    .anySatisfy(found -> {
                        assertThat(found.start()).isEqualTo(span.getStart());
                        assertThat(found.end()).isEqualTo(span.getEnd());
                        assertThat(found.score()).isCloseTo(span.getScore(), within(1e-4f));
                    });
        }
        refused(
                () ->
                        client.answerQuestion(
                                request.toBuilder()
                                        .setWindows(Windows.newBuilder().setStride(600))
                                        .build()),
                "it must be from 1 to " + room);
        refused(
                () ->
                        client.answerQuestion(
                                request.toBuilder()
                                        .setQuestion(" why".repeat(700))
                                        .setWindows(Windows.getDefaultInstance())
                                        .build()),
                "the question leaves no room for the document");
    }

    @Test
    void aTextThatFitsIsReadAtOnceWhateverIsAskedForLongerOnes() {
        float[] plain = vector(client.embed(embed("short").setNormalize(true).build()));
        EmbedResponse windows =
                client.embed(
                        embed("short")
                                .setNormalize(true)
                                .setWindows(Windows.getDefaultInstance())
                                .build());
        EmbedResponse truncated =
                client.embed(embed("short").setNormalize(true).setTruncate(true).build());
        for (EmbedResponse answer : List.of(windows, truncated)) {
            assertThat(vector(answer)).containsExactly(plain, within(1e-6f));
            assertThat(answer.getCall().getWindows()).isEqualTo(1);
            assertThat(answer.getCall().getTruncatedTokens()).isZero();
        }
    }

    @Test
    void nothingIsTruncatedUnlessTheRequestSaysSoAndThenTheAnswerDoes() {
        refused(() -> client.embed(embed(LONG).build()), "more than the 600 that this model reads");
        EmbedResponse answer = client.embed(embed(LONG).setTruncate(true).build());
        Cut first = windows("words").getFirst();
        float[] expected =
                session("words").embed(List.of(first.text()), Pooling.MEAN, false).getFirst();
        assertThat(vector(answer)).containsExactly(expected, within(1e-5f));
        assertThat(answer.getCall().getTokens()).isEqualTo(TestModels.LONGEST);
        assertThat(answer.getCall().getTruncatedTokens())
                .isEqualTo(served("words").tokenizer().encode(LONG).size() - TestModels.LONGEST);
        FillMaskRequest masked =
                FillMaskRequest.newBuilder()
                        .setModel(ref("words"))
                        .setText("a <mask>" + LONG)
                        .setTruncate(true)
                        .build();
        assertThat(client.fillMask(masked).getMasksCount()).isEqualTo(1);
        assertThat(client.fillMask(masked).getCall().getTruncatedTokens()).isPositive();
        refused(
                () -> client.fillMask(masked.toBuilder().setText(LONG + " <mask>").build()),
                "there is no <mask> in the first 600 tokens");
    }

    @Test
    void whatContradictsItselfOrIsTooMuchIsRefused() {
        refused(
                () ->
                        client.embed(
                                embed(LONG)
                                        .setTruncate(true)
                                        .setWindows(Windows.getDefaultInstance())
                                        .build()),
                "leave out one of the two");
        for (int stride : new int[] {-1, 599, Integer.MAX_VALUE}) {
            refused(
                    () ->
                            client.embed(
                                    embed(LONG)
                                            .setWindows(Windows.newBuilder().setStride(stride))
                                            .build()),
                    "the stride is " + stride + " tokens; it must be from 1 to 598");
        }
        refused(
                () ->
                        client.embed(
                                embed(LONG).setWindows(Windows.newBuilder().setStride(1)).build()),
                "they may have 262144");
        refused(
                () ->
                        client.embed(
                                embed(LONG)
                                        .setWindows(Windows.newBuilder().setPoolingValue(9))
                                        .build()),
                "the pooling of windows is 9");
        refused(
                () ->
                        client.classify(
                                ClassifyRequest.newBuilder()
                                        .setModel(ref("colours"))
                                        .setText("a")
                                        .setTextPair("b")
                                        .setTruncate(true)
                                        .build()),
                "a pair is neither truncated nor read in windows");
    }

    @Test
    void scoresEqualThoseOfEveryTokenMaskedAlone() {
        String text = "Ada \ud83d\ude00 lived" + " by the river".repeat(33);
        ScoreResponse answer = client.score(score(text));
        InferenceSession session = session("words");
        TokenizedText whole = session.tokenize(text);
        List<TokenizedText> runs = session.scoringRuns(whole);
        assertThat(runs.size() * whole.tokens()).as("tokens, of several parts").isGreaterThan(8192);
        assertThat(answer.getTokensCount()).isEqualTo(whole.tokens() - 2);
        double total = 0;
        for (int i = 0; i < runs.size(); i++) {
            TokenScore token = answer.getTokens(i);
            assertThat(token.getTokenId()).isEqualTo(whole.encoding().id(i + 1));
            assertThat(token.getLogProbability())
                    .isCloseTo(
                            session.score(whole, List.of(runs.get(i))).getFirst()[0],
                            within(1e-4f));
            total += token.getLogProbability();
        }
        assertThat(answer.getTokensList())
                .extracting(TokenScore::getText)
                .contains("\ud83d\ude00", "river");
        assertThat(answer.getTotal()).isCloseTo(total, within(1e-6)).isNegative();
        assertThat(answer.getCausal()).isFalse();
        assertThat(answer.getCall().getTokens()).isEqualTo(runs.size() * whole.tokens());
        refused(() -> client.score(score("<mask>")), "masks only");
        refused(() -> client.score(score(" by the river".repeat(190))), "it may take 262144");
        assertThatThrownBy(() ->
                        client.score(
                                ScoreRequest.newBuilder()
                                        .setModel(ref("colours"))
                                        .setText("a")
                                        .build()))
                .hasMessageStartingWith("FAILED_PRECONDITION")
                .hasMessageContaining("no language-model head");
    }

    @Test
    void vectorsOfTokensComeInPartsAndAreTheStatesOfTheText() {
        String text = " by the river".repeat(60);
        Iterator<TokenEmbeddingsResponse> parts =
                client.tokenEmbeddings(
                        TokenEmbeddingsRequest.newBuilder()
                                .setModel(ref("words"))
                                .setText(text)
                                .build());
        List<TokenVector> tokens = new ArrayList<>();
        int messages = 0;
        while (parts.hasNext()) {
            TokenEmbeddingsResponse part = parts.next();
            assertThat(part.hasCall()).isEqualTo(messages == 0);
            tokens.addAll(part.getTokensList());
            messages++;
        }
        InferenceSession session = session("words");
        TokenizedText whole = session.tokenize(text);
        List<float[]> expected = session.embedTokens(List.of(whole)).getFirst();
        assertThat(messages).isEqualTo(Math.ceilDiv(whole.tokens(), 64)).isGreaterThan(2);
        assertThat(tokens).hasSize(whole.tokens());
        for (int t = 0; t < tokens.size(); t++) {
            assertThat(tokens.get(t).getPosition()).isEqualTo(t);
            assertThat(tokens.get(t).getAdded()).isEqualTo(t == 0 || t == tokens.size() - 1);
            for (int i = 0; i < expected.get(t).length; i++) {
                assertThat(tokens.get(t).getVector(i)).isCloseTo(expected.get(t)[i], within(1e-5f));
            }
        }
    }

    @Test
    void manyRequestsInOneCallOrAStreamAnswerInTheirOrder() {
        List<EmbedRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            requests.add(embed("text " + "very ".repeat(i % 7) + i).build());
        }
        List<EmbedResponse> batch = client.batches().embed(requests);
        List<EmbedResponse> stream = new ArrayList<>();
        client.streams().embed(requests.iterator(), stream::add);
        assertThat(stream).hasSameSizeAs(requests);
        for (int i = 0; i < requests.size(); i++) {
            float[] alone = vector(client.embed(requests.get(i)));
            assertThat(vector(batch.get(i))).containsExactly(alone, within(1e-5f));
            assertThat(vector(stream.get(i))).containsExactly(alone, within(1e-5f));
        }
        requests.set(3, embed("").build());
        refused(() -> client.streams().embed(requests.iterator(), stream::add), "request 3: ");
        Iterator<EmbedRequest> broken =
                IntStream.range(0, 2)
                        .mapToObj(i -> {
                            if (i == 1) {
                                throw new IllegalStateException("the source broke");
                            }
                            return requests.getFirst();
                        })
                        .iterator();
        assertThatThrownBy(() -> client.streams().embed(broken, stream::add))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the source broke");
    }

    @Test
    void backendsOfAllModelsAreListedWithTheirSelection() {
        assertThat(client.backends())
                .extracting(BackendSelection::getModel)
                .containsExactly("answers", "colours", "words");
        assertThat(client.backends())
                .allSatisfy(selection -> {
                    assertThat(selection.getBackend()).isEqualTo("chunks");
                    assertThat(selection.getModelVersion()).hasSize(12);
                    assertThat(selection.getPrecision()).isEqualTo("fp32");
                    assertThat(selection.getReportJson()).isEqualTo("{\"chosen\":\"chunks\"}");
                });
    }

    /** Windows by their definition, not by the code that the server uses. */
    private static List<Cut> windows(String model) {
        Encoding whole = served(model).tokenizer().encode(LONG);
        int own = whole.size() - 2;
        List<Cut> windows = new ArrayList<>();
        int seen = 0;
        for (int from = 0; seen < own; from += STRIDE) {
            int to = Math.min(own, from + TestModels.LONGEST - 2);
            windows.add(
                    new Cut(new TokenizedText(whole.part(1 + from, 1 + to), List.of()), to - seen));
            seen = to;
        }
        return windows;
    }

    private static float[] vector(EmbedResponse answer) {
        float[] vector = new float[answer.getVectorCount()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = answer.getVector(i);
        }
        return vector;
    }

    private static EmbedRequest.Builder embed(String text) {
        return EmbedRequest.newBuilder().setModel(ref("words")).setText(text);
    }

    private static ScoreRequest score(String text) {
        return ScoreRequest.newBuilder().setModel(ref("words")).setText(text).build();
    }

    private static ModelRef ref(String name) {
        return ModelRef.newBuilder().setName(name).build();
    }

    private static InferenceSession session(String model) {
        return served(model).session();
    }

    private static ServedModel served(String model) {
        return server.context.getBean(ServedModels.class).find(model, "");
    }

    private static void refused(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((StatusRuntimeException) e).getStatus().getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
}
