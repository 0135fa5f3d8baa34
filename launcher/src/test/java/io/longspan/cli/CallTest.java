package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.AnswerQuestionResponse;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.AttentionRow;
import io.longspan.api.v1.BackendSelection;
import io.longspan.api.v1.BackendsGrpc;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ChooseAnswerResponse;
import io.longspan.api.v1.ClassificationProblem;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyResponse;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.ClassifyTokensResponse;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.DetokenizeResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ListBackendsRequest;
import io.longspan.api.v1.ListBackendsResponse;
import io.longspan.api.v1.ScoreRequest;
import io.longspan.api.v1.ScoreResponse;
import io.longspan.api.v1.TokenEmbeddingsRequest;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import io.longspan.api.v1.TokenRole;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of call against a server that answers with what it was asked. */
final class CallTest {
    private static Server server;
    private static String target;

    @BeforeAll
    static void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                InsecureServerCredentials.create())
                        .addService(new Echo())
                        .addService(new EchoBackends())
                        .build()
                        .start();
        target = "127.0.0.1:" + server.getPort();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void classesAreListedWithTheLargestFirst() {
        Cli asked = call("classify", "--model", "m", "--text", "some text", "--pair", "more");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked))
                .startsWith(
                        "label        probability",
                        "'some text'       0.7500",
                        "'more'            0.2500")
                .contains("inference id-of-m");
        assertThat(call("classify", "--text", "t", "--json").json().get("problem").asString())
                .isEqualTo("CLASSIFICATION_PROBLEM_SINGLE_LABEL");
    }

    @Test
    void tokenLabelsStandBesideTheirText() {
        Cli asked = call("classify-tokens", "--text", "Ada");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked).get(1).split(" +"))
                .containsExactly("'Ada'", "0", "3", "'PERSON'", "0.9000");
    }

    @Test
    void answersCarryEveryNumberOfTheSearch() {
        Cli asked =
                call(
                        "answer",
                        "--question",
                        "who?",
                        "--text",
                        "Ada did.",
                        "--top",
                        3,
                        "--candidates",
                        7,
                        "--longest",
                        11);
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked).get(1)).contains("'who?|Ada did.|3|7|11'").endsWith("1.5000");
        assertThat(call("answer", "--question", "nothing", "--text", "x").out())
                .startsWith("the document holds no answer of that length");
    }

    @Test
    void choicesAreListedWithTheMostProbableFirst() {
        Cli asked = call("choose", "--text", "p", "--choice", "a", "--choice", "b, c");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked).get(1).split(" {2,}")).containsExactly("'b, c'", "0.8000");
        assertThat(lines(asked).get(2).split(" {2,}")).containsExactly("'a'", "0.2000");
    }

    @Test
    void tokensAndIdsGoBothWays() {
        Cli tokens = call("tokenize", "--text", "a", "--pair", "b", "--no-special");
        assertThat(tokens.code()).as(tokens.err()).isZero();
        assertThat(lines(tokens).get(1).strip().split(" +"))
                .containsExactly("0", "7", "'a|b|true'", "0", "1");
        assertThat(tokens.out()).contains("1 tokens; the model reads 99");
        Cli text = call("detokenize", "--ids", "0 31414, 232,2", "--no-special");
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(lines(text).getFirst()).isEqualTo("[0, 31414, 232, 2]|true");
        Cli json = call("detokenize", "--ids", "5", "--json");
        assertThat(json.json().get("text").asString()).isEqualTo("[5]|false");
        assertThat(json.json().get("call").get("tokens").asInt()).isEqualTo(12);
    }

    @Test
    void attentionIsDrawnPerRow() {
        Cli asked =
                call(
                        "attention",
                        "--text",
                        "t",
                        "--layer",
                        1,
                        "--head",
                        "0,3",
                        "--token",
                        "2,4",
                        "--top",
                        6);
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked).getFirst())
                .isEqualTo("layer 1, head 3: token 2 ('[0, 3]|[2, 4]|6', local) sees 34 tokens");
        assertThat(lines(asked).get(1).strip().split(" +"))
                .containsExactly("9", "0.5000", "#".repeat(40), "'x\\n'");
        assertThat(lines(asked).get(2).strip().split(" +"))
                .containsExactly("8", "0.2500", "#".repeat(20), "'y'");
        Cli every = call("attention", "--text", "t", "--layer", 0, "--token", 2, "--json");
        assertThat(every.json().get("rows").get(0).get("piece").asString()).isEqualTo("[]|[2]|10");
    }

    @Test
    void scoresStandBesideTheirTokensAndTheirSumBelow() {
        Cli asked = call("score", "--text", "two tokens");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked).get(1).split(" +"))
                .containsExactly("'two", "tokens'", "0", "3", "-1.2500");
        assertThat(asked.out())
                .contains("-2.5000 nats together, -2.5000 per token, each token masked on its own");
        assertThat(call("score", "--text", "t", "--json").json().get("total").asDouble())
                .isEqualTo(-2.5);
    }

    @Test
    void vectorsOfTokensArePrintedAsTheyCome() {
        Cli asked = call("embed-tokens", "--text", "t", "--truncate");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked))
                .containsExactly(
                        "     0       0 to      0  [1.0000, 0.5000, ...]",
                        "     1       0 to      0  [1.0000, 0.5000, ...]");
        assertThat(asked.err()).contains("7 tokens of the text were cut off");
    }

    @Test
    void longTextsAreTreatedAsTheOptionsSay() {
        Cli plain = call("embed", "--text", "t");
        assertThat(plain.out()).startsWith("[0.0000, 0.0000, 0.0000]");
        Cli windows = call("embed", "--text", "t", "--stride", 7, "--window-pooling", "max");
        assertThat(windows.out()).startsWith("[0.0000, 7.0000, 2.0000]").contains("in 3 windows");
        assertThat(call("embed", "--text", "t", "--windows").out())
                .startsWith("[0.0000, 0.0000, 1.0000]");
        assertThat(call("embed", "--text", "t", "--truncate").out())
                .startsWith("[1.0000, 0.0000, 0.0000]");
        for (Cli bad :
                List.of(
                        call("embed", "--text", "t", "--window-pooling", "max"),
                        call("embed", "--text", "t", "--windows", "--window-pooling", "least"),
                        call("embed", "--text", "t", "--stride", 0))) {
            assertThat(bad.code()).as(bad.err()).isEqualTo(2);
            assertThat(bad.err()).contains("--");
        }
    }

    @Test
    void aFileOfRequestsIsStreamedAndAnsweredLineByLine(@TempDir Path folder) throws IOException {
        Path input = folder.resolve("in.jsonl");
        Path output = folder.resolve("out.jsonl");
        Files.writeString(
                input,
                "{\"text\":\"a\"}\n\n{\"text\":\"bcd\",\"model\":{\"name\":\"own\"},\"truncate\":true}\n");
        Cli asked =
                call("stream", "embed", "--input", input, "--output", output, "--model", "given");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(asked.err()).contains("2 answers in '");
        List<String> answers = Files.readAllLines(output);
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).contains("\"id-of-given\"");
        assertThat(answers.get(1)).contains("\"id-of-own\"").contains("[1.0,0.0,0.0]");
        Cli again = call("stream", "embed", "--input", input, "--output", output);
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("exists; name another file");
        Files.writeString(input, "{\"text\":\"a\"}\n{\"txt\":1}\n");
        Cli broken = call("stream", "embed", "--input", input, "--output", folder.resolve("other"));
        assertThat(broken.code()).as(broken.err()).isEqualTo(2);
        assertThat(broken.err()).contains("line 2 of '").contains("longspan.v1.EmbedRequest");
        Cli unknown = call("stream", "guess", "--input", input, "--output", output);
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("'guess' is not a method");
    }

    @Test
    void backendsAreListedWithTheirModels() {
        Cli asked = call("backends");
        assertThat(asked.code()).as(asked.err()).isZero();
        assertThat(lines(asked).get(1).split(" +"))
                .containsExactly("m", "v", "chunks", "1", "fp32");
        assertThat(
                        call("backends", "--json")
                                .json()
                                .get("selections")
                                .get(0)
                                .get("reportJson")
                                .asString())
                .isEqualTo("{}");
    }

    @Test
    void whatTheServerRefusesAndWhatIsNoNumberIsBadInput() {
        Cli refused = call("classify", "--model", "words", "--text", "t");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("FAILED_PRECONDITION: it has no classifier");
        for (Cli bad :
                List.of(
                        call("detokenize", "--ids", "0 x"),
                        call("answer", "--question", "q", "--text", "t", "--top", 0),
                        call("attention", "--text", "t", "--layer", 0, "--token", 0, "--top", -1),
                        call("attention", "--text", "t", "--layer", 0),
                        call("choose", "--text", "t"),
                        call("answer", "--text", "t"),
                        call("tokenize"))) {
            assertThat(bad.code()).as(bad.err()).isEqualTo(2);
            assertThat(bad.err()).contains("--");
        }
    }

    @Test
    void everyCommandHasAnExampleAndAMethodOfItsOwn() {
        Map<String, CommandLine> commands =
                Longspan.commandLine().getSubcommands().get("call").getSubcommands();
        assertThat(commands.keySet())
                .contains(
                        "classify",
                        "classify-tokens",
                        "answer",
                        "choose",
                        "tokenize",
                        "detokenize",
                        "attention",
                        "score",
                        "embed-tokens",
                        "stream",
                        "backends");
        commands.forEach((name, command) ->
                assertThat(command.getUsageMessage())
                        .contains("Example: longspan call " + name + " "));
        long alone =
                InferenceGrpc.getServiceDescriptor().getMethods().stream()
                        .map(method -> method.getFullMethodName())
                        .filter(name -> !name.endsWith("Batch") && !name.endsWith("Stream"))
                        .count();
        // Streams share a command; Models has two, Inferences and Backends have one.
        assertThat(commands).hasSize((int) alone + 1 + 4);
    }

    private static Cli call(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("call"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--target", target));
        return Cli.run(all.toArray());
    }

    private static List<String> lines(Cli run) {
        return run.out().lines().toList();
    }

    private static CallInfo.Builder info(String model) {
        return CallInfo.newBuilder().setInferenceId("id-of-" + model).setTokens(12);
    }

    private static final class EchoBackends extends BackendsGrpc.BackendsImplBase {
        @Override
        public void list(ListBackendsRequest asked, StreamObserver<ListBackendsResponse> client) {
            client.onNext(
                    ListBackendsResponse.newBuilder()
                            .addSelections(
                                    BackendSelection.newBuilder()
                                            .setModel("m")
                                            .setModelVersion("v")
                                            .setBackend("chunks")
                                            .setBackendVersion("1")
                                            .setPrecision("fp32")
                                            .setReportJson("{}"))
                            .build());
            client.onCompleted();
        }
    }

    private static final class Echo extends InferenceGrpc.InferenceImplBase {
        private static <A> void send(StreamObserver<A> client, A answer) {
            client.onNext(answer);
            client.onCompleted();
        }

        /** What was asked about long texts, as numbers. */
        private static EmbedResponse embedded(EmbedRequest asked) {
            return EmbedResponse.newBuilder()
                    .setCall(
                            info(asked.getModel().getName())
                                    .setWindows(asked.getWindows().getStride() > 0 ? 3 : 1))
                    .addVector(asked.getTruncate() ? 1 : 0)
                    .addVector(asked.getWindows().getStride())
                    .addVector(asked.getWindows().getPoolingValue())
                    .build();
        }

        @Override
        public void embed(EmbedRequest asked, StreamObserver<EmbedResponse> client) {
            send(client, embedded(asked));
        }

        @Override
        public StreamObserver<EmbedRequest> embedStream(StreamObserver<EmbedResponse> client) {
            return new StreamObserver<>() {
                @Override
                public void onNext(EmbedRequest asked) {
                    client.onNext(embedded(asked));
                }

                @Override
                public void onError(Throwable problem) {}

                @Override
                public void onCompleted() {
                    client.onCompleted();
                }
            };
        }

        @Override
        public void score(ScoreRequest asked, StreamObserver<ScoreResponse> client) {
            ScoreResponse.Builder answer = ScoreResponse.newBuilder().setTotal(-2.5);
            answer.addTokensBuilder().setText(asked.getText()).setEnd(3).setLogProbability(-1.25f);
            send(client, answer.build());
        }

        @Override
        public void tokenEmbeddings(
                TokenEmbeddingsRequest asked, StreamObserver<TokenEmbeddingsResponse> client) {
            for (int part = 0; part < 2; part++) {
                TokenEmbeddingsResponse.Builder answer = TokenEmbeddingsResponse.newBuilder();
                if (part == 0) {
                    answer.setCall(info("").setTruncatedTokens(asked.getTruncate() ? 7 : 0));
                }
                answer.addTokensBuilder().setPosition(part).addVector(1).addVector(0.5f);
                client.onNext(answer.build());
            }
            client.onCompleted();
        }

        @Override
        public void classify(ClassifyRequest asked, StreamObserver<ClassifyResponse> client) {
            String model = asked.getModel().getName();
            if (model.equals("words")) {
                client.onError(
                        Status.FAILED_PRECONDITION
                                .withDescription("it has no classifier")
                                .asRuntimeException());
                return;
            }
            ClassifyResponse.Builder answer =
                    ClassifyResponse.newBuilder()
                            .setCall(info(model))
                            .setProblem(ClassificationProblem.CLASSIFICATION_PROBLEM_SINGLE_LABEL);
            answer.addLabelsBuilder().setLabel(asked.getTextPair()).setValue(0.25f);
            answer.addLabelsBuilder().setLabel(asked.getText()).setValue(0.75f);
            send(client, answer.build());
        }

        @Override
        public void classifyTokens(
                ClassifyTokensRequest asked, StreamObserver<ClassifyTokensResponse> client) {
            ClassifyTokensResponse.Builder answer = ClassifyTokensResponse.newBuilder();
            answer.addTokensBuilder()
                    .setEnd(asked.getText().length())
                    .setText(asked.getText())
                    .setLabel("PERSON")
                    .setProbability(0.9f);
            send(client, answer.build());
        }

        @Override
        public void answerQuestion(
                AnswerQuestionRequest asked, StreamObserver<AnswerQuestionResponse> client) {
            AnswerQuestionResponse.Builder answer = AnswerQuestionResponse.newBuilder();
            if (!asked.getQuestion().equals("nothing")) {
                answer.addAnswersBuilder()
                        .setText(
                                asked.getQuestion()
                                        + "|"
                                        + asked.getDocument()
                                        + "|"
                                        + asked.getTopK()
                                        + "|"
                                        + asked.getCandidates()
                                        + "|"
                                        + asked.getLongestAnswer())
                        .setScore(1.5f);
            }
            send(client, answer.build());
        }

        @Override
        public void chooseAnswer(
                ChooseAnswerRequest asked, StreamObserver<ChooseAnswerResponse> client) {
            assertThat(asked.getChoicesList()).containsExactly("a", "b, c");
            send(
                    client,
                    ChooseAnswerResponse.newBuilder()
                            .addProbabilities(0.2f)
                            .addProbabilities(0.8f)
                            .setBest(1)
                            .build());
        }

        @Override
        public void tokenize(TokenizeRequest asked, StreamObserver<TokenizeResponse> client) {
            TokenizeResponse.Builder answer = TokenizeResponse.newBuilder().setMaxTokens(99);
            answer.addTokensBuilder()
                    .setId(7)
                    .setPiece(
                            asked.getText()
                                    + "|"
                                    + asked.getTextPair()
                                    + "|"
                                    + asked.getWithoutSpecial())
                    .setEnd(1);
            send(client, answer.build());
        }

        @Override
        public void detokenize(DetokenizeRequest asked, StreamObserver<DetokenizeResponse> client) {
            send(
                    client,
                    DetokenizeResponse.newBuilder()
                            .setCall(info(""))
                            .setText(asked.getIdsList() + "|" + asked.getSkipSpecial())
                            .build());
        }

        @Override
        public void attention(AttentionRequest asked, StreamObserver<AttentionResponse> client) {
            AttentionResponse.Builder answer = AttentionResponse.newBuilder();
            AttentionRow.Builder row =
                    answer.addRowsBuilder()
                            .setHead(3)
                            .setPosition(2)
                            .setPiece(
                                    asked.getHeadsList()
                                            + "|"
                                            + asked.getTokensList()
                                            + "|"
                                            + asked.getTopK())
                            .setRole(TokenRole.TOKEN_ROLE_LOCAL)
                            .setSeen(34);
            row.addKeysBuilder().setPosition(9).setPiece("x\n").setWeight(0.5f);
            row.addKeysBuilder().setPosition(8).setPiece("y").setWeight(0.25f);
            send(client, answer.build());
        }
    }
}
