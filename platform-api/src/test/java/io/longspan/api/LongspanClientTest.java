package io.longspan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.DescribeModelRequest;
import io.longspan.api.v1.DescribeModelResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.InferencesGrpc;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ListInferencesResponse;
import io.longspan.api.v1.ListModelsRequest;
import io.longspan.api.v1.ListModelsResponse;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.api.v1.Pooling;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LongspanClientTest {
    private static final String NAME = "client-test";

    private Server server;
    private LongspanClient client;

    @BeforeEach
    void start() throws IOException {
        server =
                InProcessServerBuilder.forName(NAME)
                        .addService(new EchoInference())
                        .addService(new EchoModels())
                        .addService(new EchoInferences())
                        .build()
                        .start();
        client = LongspanClient.over(InProcessChannelBuilder.forName(NAME).build());
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.close();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void everyFieldOfAQuestionReachesTheServer() {
        assertThat(client.fillMask("m", "a <mask>", 3).getMasks(0).getPredictions(0).getToken())
                .isEqualTo("m|a <mask>|3");
        EmbedResponse embedded = client.embed("m", "text", Pooling.POOLING_FIRST, true);
        assertThat(embedded.getPooling()).isEqualTo(Pooling.POOLING_FIRST);
        assertThat(embedded.getVectorList()).containsExactly(1f, 4f);
        assertThat(client.describe("m").getName()).isEqualTo("m");
        assertThat(client.models()).extracting(ModelDescription::getName).containsExactly("a", "b");
        assertThat(client.inferences(ListInferencesRequest.newBuilder().setStatus("OK").build()))
                .extracting(InferenceRow::getStatus)
                .containsExactly("OK");
    }

    @Test
    void everyCallCarriesItsDeadline() {
        assertThat(client.describe("deadline").getMaxTokens()).isBetween(50, 60);
        assertThat(client.withDeadline(Duration.ofSeconds(7)).describe("deadline").getMaxTokens())
                .isBetween(1, 7);
        assertThatThrownBy(() ->
                        client.withDeadline(Duration.ofMillis(50)).fillMask("never", "<mask>", 1))
                .isInstanceOf(StatusRuntimeException.class)
                .extracting(e -> ((StatusRuntimeException) e).getStatus().getCode())
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void aFailedCallStillTellsItsIdentity() {
        assertThatThrownBy(() -> client.fillMask("bad", "<mask>", 1))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(InferenceId.of(failure)).contains("0197-id"));
        assertThat(InferenceId.of(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", ":9090", "localhost:", "localhost:0", "h:65536", "h:x"})
    void aTargetThatIsNoServerIsRefused(String target) {
        assertThatThrownBy(() -> LongspanClient.connect(target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target '" + target + "'")
                .hasMessageContaining("HOST:PORT");
    }

    private static final class EchoInference extends InferenceGrpc.InferenceImplBase {
        @Override
        public void fillMask(FillMaskRequest request, StreamObserver<FillMaskResponse> answer) {
            String model = request.getModel().getName();
            if (model.equals("never")) {
                return;
            }
            if (model.equals("bad")) {
                Metadata trailers = new Metadata();
                trailers.put(InferenceId.TRAILER, "0197-id");
                answer.onError(Status.INVALID_ARGUMENT.asRuntimeException(trailers));
                return;
            }
            FillMaskResponse.Builder response = FillMaskResponse.newBuilder();
            response.addMasksBuilder()
                    .addPredictionsBuilder()
                    .setToken(model + "|" + request.getText() + "|" + request.getTopK());
            answer.onNext(response.build());
            answer.onCompleted();
        }

        @Override
        public void embed(EmbedRequest request, StreamObserver<EmbedResponse> answer) {
            answer.onNext(
                    EmbedResponse.newBuilder()
                            .setPooling(request.getPooling())
                            .addVector(request.getNormalize() ? 1 : 0)
                            .addVector(request.getText().length())
                            .build());
            answer.onCompleted();
        }
    }

    private static final class EchoModels extends ModelsGrpc.ModelsImplBase {
        @Override
        public void list(ListModelsRequest request, StreamObserver<ListModelsResponse> answer) {
            answer.onNext(
                    ListModelsResponse.newBuilder()
                            .addModels(ModelDescription.newBuilder().setName("a"))
                            .addModels(ModelDescription.newBuilder().setName("b"))
                            .build());
            answer.onCompleted();
        }

        @Override
        public void describe(
                DescribeModelRequest request, StreamObserver<DescribeModelResponse> answer) {
            long seconds = Context.current().getDeadline().timeRemaining(TimeUnit.SECONDS);
            answer.onNext(
                    DescribeModelResponse.newBuilder()
                            .setModel(
                                    ModelDescription.newBuilder()
                                            .setName(request.getName())
                                            .setMaxTokens((int) seconds))
                            .build());
            answer.onCompleted();
        }
    }

    private static final class EchoInferences extends InferencesGrpc.InferencesImplBase {
        @Override
        public void list(
                ListInferencesRequest request, StreamObserver<ListInferencesResponse> answer) {
            answer.onNext(
                    ListInferencesResponse.newBuilder()
                            .addInferences(InferenceRow.newBuilder().setStatus(request.getStatus()))
                            .build());
            answer.onCompleted();
        }
    }
}
