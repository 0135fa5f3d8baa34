package io.longspan.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.AttentionKey;
import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.AttentionRow;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.MaskPredictions;
import io.longspan.api.v1.Token;
import io.longspan.api.v1.TokenPrediction;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The playground over a server whose answers follow from the question, a character being a token.
 */
final class PlaygroundTest {
    @TempDir private static Path folder;

    private static ConsoleUnderTest console;
    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new Characters())
                        .build()
                        .start();
        console = ConsoleUnderTest.start(folder);
    }

    @AfterAll
    static void stop() {
        server.shutdownNow();
        console.close();
    }

    @BeforeEach
    void serverLives() {
        TestRows.server(console.store(), 9, "grpc " + target() + ", http 127.0.0.1:1");
    }

    private static String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Test
    void masksAreFilledByTheServerThatWasChosen() {
        String page = ask("FILL_MASK", "a <mask> b<i>", "");
        assertThat(page)
                .contains(
                        "guess of 13", "0.7500", "the-model 3", "loop 2, fp32", "/inferences/0000")
                .contains("a &lt;mask&gt; b&lt;i&gt;")
                .contains("<dd>12.5</dd>")
                .doesNotContain("b<i>");
    }

    @Test
    void twoTextsAreComparedByTheAngle() {
        assertThat(ask("COMPARE", "aaaa", "aaaa")).contains("1.0000");
        assertThat(ask("COMPARE", "aaaa", "bb")).contains("0.0000");
    }

    @Test
    void tokensAreButtonsAndAChosenOneShowsWhatItAttends() {
        String tokens = ask("TOKENS", "héy\ud83d\ude00", "");
        assertThat(tokens)
                .contains(">é</button>", ">\ud83d\ude00</button>", "name=\"token\" value=\"3\"");
        // A token that was chosen on that page, although the list of tasks still says TOKENS.
        String page = ask("TOKENS", "héy\ud83d\ude00", "&layer=2&head=1&token=3");
        assertThat(page).contains("heat5\"", "asked\"", "0.6000", "layer 2 head 1");
        assertThat(page.split("heat0", -1)).hasSizeGreaterThan(2);
    }

    @Test
    void whatTheServerRefusesIsSaid() {
        assertThat(ask("CLASSIFY", "x", "")).contains("UNIMPLEMENTED");
        assertThat(ask("FILL_MASK", "no gap", ""))
                .contains("INVALID_ARGUMENT: the text has no mask");
    }

    @Test
    void onlyServersThatLiveAreCalled() {
        try (Browser vera = vera()) {
            String page =
                    vera.post(
                                    "/playground",
                                    "target=127.0.0.1%3A1&task=TOKENS&text=x&_csrf="
                                            + vera.token("/playground"))
                            .body();
            assertThat(page).contains("choose one of the list");
        }
    }

    private static String ask(String task, String text, String more) {
        try (Browser vera = vera()) {
            String second = more.startsWith("&") ? more : "&second=" + encode(more);
            return vera.post(
                            "/playground",
                            "target="
                                    + encode(target())
                                    + "&task="
                                    + task
                                    + "&text="
                                    + encode(text)
                                    + second
                                    + "&_csrf="
                                    + vera.token("/playground"))
                    .body();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Browser vera() {
        return Browser.as(console.address(), "vera", ConsoleUnderTest.PASSWORD);
    }

    /** A model of which every answer can be told from the question. */
    private static final class Characters extends InferenceGrpc.InferenceImplBase {
        private static CallInfo call(String text) {
            return CallInfo.newBuilder()
                    .setInferenceId(new UUID(0, text.length()).toString())
                    .setModel("the-model")
                    .setModelVersion("3")
                    .setBackend("loop")
                    .setBackendVersion("2")
                    .setPrecision("fp32")
                    .setTokens(text.length())
                    .setComputeTime(com.google.protobuf.Duration.newBuilder().setNanos(12_500_000))
                    .build();
        }

        private static <T> void answer(StreamObserver<T> to, T what) {
            to.onNext(what);
            to.onCompleted();
        }

        @Override
        public void fillMask(FillMaskRequest request, StreamObserver<FillMaskResponse> to) {
            if (!request.getText().contains("<mask>")) {
                to.onError(
                        Status.INVALID_ARGUMENT
                                .withDescription("the text has no mask")
                                .asRuntimeException());
                return;
            }
            answer(
                    to,
                    FillMaskResponse.newBuilder()
                            .setCall(call(request.getText()))
                            .addMasks(
                                    MaskPredictions.newBuilder()
                                            .setPosition(2)
                                            .addPredictions(
                                                    TokenPrediction.newBuilder()
                                                            .setToken(
                                                                    "guess of "
                                                                            + request.getText()
                                                                                    .length())
                                                            .setProbability(0.75f)))
                            .build());
        }

        @Override
        public void embed(EmbedRequest request, StreamObserver<EmbedResponse> to) {
            boolean a = request.getText().startsWith("a");
            answer(
                    to,
                    EmbedResponse.newBuilder()
                            .setCall(call(request.getText()))
                            .addVector(a ? 1 : 0)
                            .addVector(a ? 0 : 1)
                            .build());
        }

        @Override
        public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> to) {
            TokenizeResponse.Builder tokens =
                    TokenizeResponse.newBuilder()
                            .setCall(call(request.getText()))
                            .setMaxTokens(512);
            tokens.addTokens(Token.newBuilder().setPiece("<s>").setAdded(true));
            int length = request.getText().codePointCount(0, request.getText().length());
            for (int i = 0; i < length; i++) {
                tokens.addTokens(Token.newBuilder().setPiece("?").setStart(i).setEnd(i + 1));
            }
            answer(to, tokens.build());
        }

        @Override
        public void attention(AttentionRequest request, StreamObserver<AttentionResponse> to) {
            answer(
                    to,
                    AttentionResponse.newBuilder()
                            .setCall(call(request.getText()))
                            .addRows(
                                    AttentionRow.newBuilder()
                                            .addKeys(
                                                    AttentionKey.newBuilder()
                                                            .setPosition(2)
                                                            .setPiece(
                                                                    "layer "
                                                                            + request.getLayer()
                                                                            + " head "
                                                                            + request.getHeads(0))
                                                            .setWeight(0.6f))
                                            .addKeys(
                                                    AttentionKey.newBuilder()
                                                            .setPosition(request.getTokens(0))
                                                            .setPiece("self")
                                                            .setWeight(0.4f)))
                            .build());
        }
    }
}
