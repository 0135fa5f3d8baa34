package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.grpc.StatusRuntimeException;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.AttentionRow;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassificationProblem;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.SpanAnswer;
import io.longspan.api.v1.Token;
import io.longspan.api.v1.TokenLabel;
import io.longspan.api.v1.TokenRole;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.inspect.AttentionInspector;
import io.longspan.model.session.Answer;
import io.longspan.model.session.AnswerSearch;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.LabelScore;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.serving.model.ServedModel;
import io.longspan.serving.model.ServedModels;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models with task heads, their tokenizer and their attention over the wire. */
final class TaskServingTest {
    /** A character above U+FFFF: offsets count code points, not Java's characters. */
    private static final String TEXT = "Ada \ud83d\ude00 lived in London, near the river.";

    private static final String QUESTION = "Where did Ada live?";

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static TestServer server;
    private static LongspanClient client;

    @BeforeAll
    static void start() throws IOException {
        store = POSTGRES.open();
        ServedModelSpec words = TestModels.longformer(folder, "words", 3);
        List<String> three = List.of("red", "green", "blue");
        List<ServedModelSpec> models =
                List.of(
                        words,
                        head(words, "one", Task.SEQUENCE_CLASSIFICATION, null, three),
                        head(
                                words,
                                "many",
                                Task.SEQUENCE_CLASSIFICATION,
                                "multi_label_classification",
                                three),
                        head(words, "number", Task.SEQUENCE_CLASSIFICATION, null, List.of("stars")),
                        head(
                                words,
                                "names",
                                Task.TOKEN_CLASSIFICATION,
                                null,
                                List.of("O", "PERSON", "PLACE")),
                        head(words, "answers", Task.QUESTION_ANSWERING, null, List.of()),
                        head(words, "choices", Task.MULTIPLE_CHOICE, null, List.of()));
        server =
                new TestServer(
                        store,
                        ServingSettings.of(models, folder.resolve("spool")),
                        TestModels.backends("chunks"));
        client = server.client();
    }

    private static ServedModelSpec head(
            ServedModelSpec from, String name, Task task, String problem, List<String> labels)
            throws IOException {
        return TestModels.withHead(from, name, task, problem, labels, name.hashCode());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        store.close();
    }

    @Test
    void classesEqualThoseOfTheSession() {
        for (String model : List.of("one", "many", "number")) {
            for (String pair : List.of("", "A second text.")) {
                ClassifyResponse answer =
                        client.classify(
                                ClassifyRequest.newBuilder()
                                        .setModel(ref(model))
                                        .setText(TEXT)
                                        .setTextPair(pair)
                                        .build());
                InferenceSession session = served(model).session();
                TokenizedText text =
                        pair.isEmpty() ? session.tokenize(TEXT) : session.tokenizePair(TEXT, pair);
                List<LabelScore> expected = session.classify(List.of(text)).getFirst().labels();
                assertThat(answer.getLabelsList())
                        .extracting(io.longspan.api.v1.LabelScore::getLabel)
                        .containsExactlyElementsOf(
                                expected.stream().map(LabelScore::label).toList());
                for (int k = 0; k < expected.size(); k++) {
                    assertThat(answer.getLabels(k).getValue())
                            .isCloseTo(expected.get(k).value(), within(1e-6f));
                }
                double sum =
                        answer.getLabelsList().stream()
                                .mapToDouble(io.longspan.api.v1.LabelScore::getValue)
                                .sum();
                switch (model) {
                    case "one" -> {
                        assertThat(answer.getProblem())
                                .isEqualTo(
                                        ClassificationProblem.CLASSIFICATION_PROBLEM_SINGLE_LABEL);
                        assertThat(sum).isCloseTo(1, within(1e-5));
                    }
                    case "many" -> {
                        assertThat(answer.getProblem())
                                .isEqualTo(
                                        ClassificationProblem.CLASSIFICATION_PROBLEM_MULTI_LABEL);
                        assertThat(sum).isNotCloseTo(1, within(1e-3));
                    }
                    default ->
                            assertThat(answer.getProblem())
                                    .isEqualTo(
                                            ClassificationProblem
                                                    .CLASSIFICATION_PROBLEM_REGRESSION);
                }
                assertThat(answer.getCall().getTokens()).isEqualTo(text.tokens());
            }
        }
    }

    @Test
    void tokenLabelsEqualThoseOfTheSessionAndCarryTheirText() {
        ClassifyTokensResponse answer =
                client.classifyTokens(
                        ClassifyTokensRequest.newBuilder()
                                .setModel(ref("names"))
                                .setText(TEXT)
                                .build());
        InferenceSession session = served("names").session();
        var expected = session.classifyTokens(List.of(session.tokenize(TEXT))).getFirst();
        assertThat(answer.getTokensCount()).isEqualTo(expected.size()).isGreaterThan(8);
        for (int t = 0; t < expected.size(); t++) {
            TokenLabel token = answer.getTokens(t);
            assertThat(token.getStart()).isEqualTo(expected.get(t).start());
            assertThat(token.getEnd()).isEqualTo(expected.get(t).end());
            assertThat(token.getLabel()).isEqualTo(expected.get(t).label());
            assertThat(token.getProbability())
                    .isCloseTo(expected.get(t).probability(), within(1e-6f));
            assertThat(token.getText()).isEqualTo(slice(TEXT, token.getStart(), token.getEnd()));
        }
        assertThat(answer.getTokensList())
                .extracting(TokenLabel::getText)
                .contains("\ud83d\ude00", "London");
    }

    @Test
    void answersEqualThoseOfTheSessionAndCarryTheirText() {
        AnswerQuestionResponse answer =
                client.answerQuestion(
                        AnswerQuestionRequest.newBuilder()
                                .setModel(ref("answers"))
                                .setQuestion(QUESTION)
                                .setDocument(TEXT)
                                .setTopK(4)
                                .setLongestAnswer(5)
                                .build());
        InferenceSession session = served("answers").session();
        List<Answer> expected =
                session.answer(
                                List.of(session.tokenizePair(QUESTION, TEXT)),
                                new AnswerSearch(4, 20, 5))
                        .getFirst();
        assertThat(answer.getAnswersCount()).isEqualTo(4);
        for (int k = 0; k < 4; k++) {
            SpanAnswer span = answer.getAnswers(k);
            assertThat(span.getStart()).isEqualTo(expected.get(k).start());
            assertThat(span.getEnd()).isEqualTo(expected.get(k).end());
            assertThat(span.getScore()).isCloseTo(expected.get(k).score(), within(1e-5f));
            assertThat(span.getText()).isEqualTo(slice(TEXT, span.getStart(), span.getEnd()));
        }
        AnswerQuestionRequest silent =
                AnswerQuestionRequest.newBuilder()
                        .setModel(ref("answers"))
                        .setQuestion(QUESTION)
                        .setDocument(TEXT)
                        .build();
        Answer best =
                session.answer(List.of(session.tokenizePair(QUESTION, TEXT)), AnswerSearch.DEFAULT)
                        .getFirst()
                        .getFirst();
        assertThat(client.answerQuestion(silent).getAnswersList())
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.getStart()).isEqualTo(best.start());
                    assertThat(span.getEnd()).isEqualTo(best.end());
                });
    }

    @Test
    void choicesEqualThoseOfTheSession() {
        List<String> choices = List.of("to London.", "home.", "on and on, near the river.");
        ChooseAnswerResponse answer =
                client.chooseAnswer(
                        ChooseAnswerRequest.newBuilder()
                                .setModel(ref("choices"))
                                .setPrompt("Ada went")
                                .addAllChoices(choices)
                                .build());
        InferenceSession session = served("choices").session();
        List<TokenizedText> pairs =
                choices.stream().map(choice -> session.tokenizePair("Ada went", choice)).toList();
        float[] expected = session.choose(List.of(pairs)).getFirst();
        assertThat(answer.getProbabilitiesCount()).isEqualTo(3);
        for (int c = 0; c < 3; c++) {
            assertThat(answer.getProbabilities(c)).isCloseTo(expected[c], within(1e-6f));
            assertThat(answer.getProbabilities(answer.getBest()))
                    .isGreaterThanOrEqualTo(answer.getProbabilities(c));
        }
        assertThat(answer.getCall().getTokens())
                .isEqualTo(pairs.stream().mapToInt(TokenizedText::tokens).sum());
    }

    @Test
    void tokensEqualThoseOfTheTokenizerAndGoBackToTheText() {
        TokenizeResponse answer =
                client.tokenize(
                        TokenizeRequest.newBuilder().setModel(ref("words")).setText(TEXT).build());
        Encoding expected = served("words").tokenizer().encode(TEXT);
        sameTokens(answer, expected);
        assertThat(answer.getMaxTokens()).isEqualTo(TestModels.LONGEST);
        assertThat(answer.getTokens(0).getAdded()).isTrue();
        List<Integer> ids = answer.getTokensList().stream().map(Token::getId).toList();
        DetokenizeRequest back =
                DetokenizeRequest.newBuilder()
                        .setModel(ref("words"))
                        .addAllIds(ids)
                        .setSkipSpecial(true)
                        .build();
        assertThat(client.detokenize(back).getText()).isEqualTo(TEXT);
        assertThat(client.detokenize(back.toBuilder().setSkipSpecial(false).build()).getText())
                .isEqualTo("<s>" + TEXT + "</s>");
        TokenizeRequest bare =
                TokenizeRequest.newBuilder()
                        .setModel(ref("words"))
                        .setText(TEXT)
                        .setWithoutSpecial(true)
                        .build();
        assertThat(client.tokenize(bare).getTokensList())
                .extracting(Token::getId)
                .containsExactlyElementsOf(ids.subList(1, ids.size() - 1));
        sameTokens(
                client.tokenize(
                        TokenizeRequest.newBuilder()
                                .setModel(ref("answers"))
                                .setText(QUESTION)
                                .setTextPair(TEXT)
                                .build()),
                served("answers").session().tokenizePair(QUESTION, TEXT).encoding());
    }

    @Test
    void aTextLongerThanTheModelIsTokenised() {
        int words = 2 * TestModels.LONGEST;
        TokenizeResponse answer =
                client.tokenize(
                        TokenizeRequest.newBuilder()
                                .setModel(ref("words"))
                                .setText(" a".repeat(words))
                                .build());
        assertThat(answer.getTokensCount()).isEqualTo(words + 2);
        assertThat(answer.getCall().getTokens()).isEqualTo(words + 2);
    }

    /** A text longer than the window, so that the first token is seen for being global alone. */
    @Test
    void attentionEqualsThatOfTheInspectorWithTheGlobalTokensOfTheTask() {
        String text = "The river went by. ".repeat(30);
        AttentionRequest request =
                AttentionRequest.newBuilder()
                        .setModel(ref("one"))
                        .setText(text)
                        .setLayer(1)
                        .addAllTokens(List.of(90, 0))
                        .setTopK(4096)
                        .build();
        AttentionResponse answer = client.attention(request);
        ServedModel model = served("one");
        Encoding encoding = model.tokenizer().encode(text);
        TokenBatch batch =
                TokenBatch.of(
                        model.model().config(),
                        IntStream.of(encoding.ids()).asLongStream().toArray(),
                        SequenceLayout.allLocal(encoding.size()).withGlobals(0));
        List<Integer> heads = IntStream.range(0, 4).boxed().toList();
        List<AttendedRow> expected =
                new AttentionInspector(model.model(), model.backend().backend())
                        .rows(batch, 1, heads, List.of(90, 0));
        assertThat(answer.getRowsCount()).isEqualTo(8);
        for (int r = 0; r < 8; r++) {
            AttentionRow row = answer.getRows(r);
            AttendedRow wanted = expected.get(r);
            assertThat(row.getHead()).isEqualTo(wanted.head());
            assertThat(row.getPosition()).isEqualTo(wanted.position());
            assertThat(row.getPiece()).isEqualTo(encoding.token(wanted.position()));
            assertThat(row.getSeen()).isEqualTo(wanted.keys().size());
            float[] weights = new float[encoding.size()];
            wanted.keys().forEach(key -> weights[key.position()] = key.weight());
            double sum = 0;
            for (var key : row.getKeysList()) {
                assertThat(key.getWeight()).isCloseTo(weights[key.getPosition()], within(1e-6f));
                assertThat(key.getPiece()).isEqualTo(encoding.token(key.getPosition()));
                sum += key.getWeight();
            }
            assertThat(sum).isCloseTo(1, within(1e-4));
        }
        // 16 to each side, itself, and the global one.
        assertThat(answer.getRows(0).getRole()).isEqualTo(TokenRole.TOKEN_ROLE_LOCAL);
        assertThat(answer.getRows(0).getSeen()).isEqualTo(34);
        assertThat(answer.getRows(4).getRole()).isEqualTo(TokenRole.TOKEN_ROLE_GLOBAL);
        assertThat(answer.getRows(4).getSeen()).isEqualTo(encoding.size());
        AttentionResponse few =
                client.attention(request.toBuilder().addHeads(2).clearTopK().build());
        assertThat(few.getRowsList())
                .extracting(AttentionRow::getHead, AttentionRow::getKeysCount)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(2, 10),
                        org.assertj.core.groups.Tuple.tuple(2, 10));
        assertThat(few.getRows(0).getKeysList())
                .isEqualTo(answer.getRows(2).getKeysList().subList(0, 10));
    }

    static Stream<Message> goodQuestions() {
        return Stream.of(
                ClassifyRequest.newBuilder().setModel(ref("one")).setText("x").build(),
                ClassifyTokensRequest.newBuilder().setModel(ref("names")).setText("x").build(),
                AnswerQuestionRequest.newBuilder()
                        .setModel(ref("answers"))
                        .setQuestion("x")
                        .setDocument("y")
                        .build(),
                ChooseAnswerRequest.newBuilder()
                        .setModel(ref("choices"))
                        .setPrompt("x")
                        .addChoices("y")
                        .addChoices("z")
                        .build(),
                TokenizeRequest.newBuilder().setModel(ref("words")).setText("x").build(),
                DetokenizeRequest.newBuilder().setModel(ref("words")).addIds(5).build(),
                AttentionRequest.newBuilder()
                        .setModel(ref("words"))
                        .setText("x")
                        .addTokens(1)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("goodQuestions")
    void everyAnswerHasOneRowThatTellsTheSame(Message request) throws InterruptedException {
        CallInfo call = callOf(ask(request));
        assertThat(TestServer.rows(store, call.getInferenceId()))
                .singleElement()
                .satisfies(row -> {
                    String method = request.getDescriptorForType().getName().replace("Request", "");
                    boolean ran = !method.endsWith("okenize");
                    assertThat(row.status()).isEqualTo("OK");
                    assertThat(row.method()).isEqualTo("longspan.v1.Inference/" + method);
                    assertThat(row.model()).isEqualTo(call.getModel()).isNotEmpty();
                    assertThat(row.modelVersion()).isEqualTo(call.getModelVersion()).hasSize(12);
                    assertThat(row.backend()).isEqualTo(call.getBackend()).isEqualTo("chunks");
                    assertThat(row.backendVersion()).isEqualTo(call.getBackendVersion());
                    assertThat(row.precision()).isEqualTo(call.getPrecision()).isEqualTo("fp32");
                    assertThat(row.tokens()).isEqualTo(call.getTokens()).isPositive();
                    assertThat(row.batchSize())
                            .isEqualTo(call.getBatchSize())
                            .isEqualTo(ran ? 1 : 0);
                    assertThat(row.tokenizeNanos())
                            .isEqualTo(Durations.toNanos(call.getTokenizeTime()))
                            .isPositive();
                    assertThat(row.queueNanos()).isEqualTo(Durations.toNanos(call.getQueueTime()));
                    assertThat(row.computeNanos())
                            .isEqualTo(Durations.toNanos(call.getComputeTime()));
                    assertThat(row.computeNanos() > 0).isEqualTo(ran);
                    assertThat(row.payloadDigest()).hasSize(64);
                });
    }

    static Stream<Arguments> refusedQuestions() {
        List<Message> good = goodQuestions().toList();
        ClassifyRequest classify = (ClassifyRequest) good.get(0);
        ClassifyTokensRequest tokens = (ClassifyTokensRequest) good.get(1);
        AnswerQuestionRequest answer = (AnswerQuestionRequest) good.get(2);
        ChooseAnswerRequest choose = (ChooseAnswerRequest) good.get(3);
        TokenizeRequest tokenize = (TokenizeRequest) good.get(4);
        DetokenizeRequest detokenize = (DetokenizeRequest) good.get(5);
        AttentionRequest attention = (AttentionRequest) good.get(6);
        String bad = "INVALID_ARGUMENT";
        String lacking = "FAILED_PRECONDITION";
        List<Arguments> all = new ArrayList<>();
        for (Message question : good) {
            FieldDescriptor model = question.getDescriptorForType().findFieldByName("model");
            all.add(
                    Arguments.of(
                            question.toBuilder().setField(model, ref("nobody")).build(),
                            "NOT_FOUND",
                            "model 'nobody' is not served here"));
        }
        all.addAll(
                List.of(
                        Arguments.of(
                                classify.toBuilder().setModel(ref("words")).build(),
                                lacking,
                                "has no classifier, its task is masked-lm"),
                        Arguments.of(
                                tokens.toBuilder().setModel(ref("one")).build(),
                                lacking,
                                "ask a token-classification model"),
                        Arguments.of(
                                answer.toBuilder().setModel(ref("one")).build(),
                                lacking,
                                "ask a question-answering model"),
                        Arguments.of(
                                choose.toBuilder().setModel(ref("answers")).build(),
                                lacking,
                                "ask a multiple-choice model"),
                        Arguments.of(classify.toBuilder().clearText().build(), bad, "is empty"),
                        Arguments.of(
                                classify.toBuilder().setText(" a".repeat(700)).build(),
                                bad,
                                "702 tokens, 102 more than the 600"),
                        Arguments.of(
                                answer.toBuilder().clearQuestion().build(),
                                bad,
                                "first text of the pair is empty"),
                        Arguments.of(
                                answer.toBuilder().setDocument(" a".repeat(700)).build(),
                                bad,
                                "more than the 600"),
                        Arguments.of(
                                answer.toBuilder().setTopK(-1).build(),
                                bad,
                                "number of answers is -1; it must be from 1 to 100"),
                        Arguments.of(
                                answer.toBuilder().setCandidates(1001).build(),
                                bad,
                                "candidates is 1001"),
                        Arguments.of(
                                answer.toBuilder().setLongestAnswer(Integer.MIN_VALUE).build(),
                                bad,
                                "tokens of an answer is -2147483648"),
                        Arguments.of(
                                choose.toBuilder().clearChoices().addChoices("y").build(),
                                bad,
                                "number of choices is 1; it must be from 2 to 16"),
                        Arguments.of(
                                choose.toBuilder()
                                        .addAllChoices(java.util.Collections.nCopies(15, "y"))
                                        .build(),
                                bad,
                                "number of choices is 17"),
                        Arguments.of(
                                choose.toBuilder().addChoices("").build(),
                                bad,
                                "second text of the pair is empty"),
                        Arguments.of(
                                tokenize.toBuilder()
                                        .setTextPair("y")
                                        .setWithoutSpecial(true)
                                        .build(),
                                bad,
                                "without_special is set"),
                        Arguments.of(
                                tokenize.toBuilder().setText(" a".repeat(262_143)).build(),
                                bad,
                                "has 262145 tokens"),
                        Arguments.of(
                                detokenize.toBuilder().clearIds().build(),
                                bad,
                                "number of ids is 0"),
                        Arguments.of(
                                detokenize.toBuilder().addIds(-1).build(), bad, "token id is -1"),
                        Arguments.of(
                                detokenize.toBuilder().addIds(50_265).build(),
                                bad,
                                "token id is 50265"),
                        Arguments.of(
                                attention.toBuilder().setLayer(2).build(),
                                bad,
                                "layer is 2; there are 2"),
                        Arguments.of(
                                attention.toBuilder().addHeads(-1).build(),
                                bad,
                                "head is -1; there are 4"),
                        Arguments.of(
                                attention.toBuilder().addTokens(3).build(),
                                bad,
                                "token is 3; there are 3"),
                        Arguments.of(
                                attention.toBuilder().clearTokens().build(),
                                bad,
                                "no token is named"),
                        Arguments.of(
                                attention.toBuilder().setTopK(4097).build(),
                                bad,
                                "top_k is 4097; it must be from 1 to 4096"),
                        Arguments.of(
                                attention.toBuilder()
                                        .addAllTokens(java.util.Collections.nCopies(64, 0))
                                        .build(),
                                bad,
                                "heads times tokens is 260")));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("refusedQuestions")
    void everyRefusedCallHasOneRowWithTheStatusThatTheClientGot(
            Message request, String code, String message) throws InterruptedException {
        StatusRuntimeException failure = null;
        try {
            ask(request);
        } catch (StatusRuntimeException e) {
            failure = e;
        }
        assertThat(failure).as("the call succeeded").isNotNull();
        assertThat(failure.getStatus().getCode().name()).isEqualTo(code);
        assertThat(failure.getStatus().getDescription()).contains(message);
        String said = failure.getStatus().getDescription();
        List<InferenceRow> rows = TestServer.rows(store, InferenceId.of(failure).orElseThrow());
        assertThat(rows)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo(code);
                    assertThat(row.message()).isEqualTo(said);
                    assertThat(row.batchSize()).isZero();
                    assertThat(row.payloadDigest()).hasSize(64);
                });
    }

    private static Message ask(Message request) {
        return switch (request) {
            case ClassifyRequest asked -> client.classify(asked);
            case ClassifyTokensRequest asked -> client.classifyTokens(asked);
            case AnswerQuestionRequest asked -> client.answerQuestion(asked);
            case ChooseAnswerRequest asked -> client.chooseAnswer(asked);
            case TokenizeRequest asked -> client.tokenize(asked);
            case DetokenizeRequest asked -> client.detokenize(asked);
            case AttentionRequest asked -> client.attention(asked);
            default -> throw new IllegalArgumentException();
        };
    }

    private static CallInfo callOf(Message answer) {
        return (CallInfo) answer.getField(answer.getDescriptorForType().findFieldByName("call"));
    }

    private static void sameTokens(TokenizeResponse answer, Encoding expected) {
        assertThat(answer.getTokensCount()).isEqualTo(expected.size());
        for (int t = 0; t < expected.size(); t++) {
            Token token = answer.getTokens(t);
            assertThat(token.getId()).isEqualTo(expected.id(t));
            assertThat(token.getPiece()).isEqualTo(expected.token(t));
            assertThat(token.getStart()).isEqualTo(expected.start(t));
            assertThat(token.getEnd()).isEqualTo(expected.end(t));
            assertThat(token.getAdded()).isEqualTo(expected.sequence(t) == Encoding.NO_SEQUENCE);
            assertThat(token.getSequence()).isEqualTo(Math.max(0, expected.sequence(t)));
        }
    }

    private static String slice(String text, int start, int end) {
        int[] points = text.codePoints().skip(start).limit(end - start).toArray();
        return new String(points, 0, points.length);
    }

    private static ModelRef ref(String model) {
        return ModelRef.newBuilder().setName(model).build();
    }

    private static ServedModel served(String model) {
        return server.context.getBean(ServedModels.class).find(model, "");
    }
}
