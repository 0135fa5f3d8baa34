package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.DescribeModelRequest;
import io.longspan.api.v1.DescribeModelResponse;
import io.longspan.api.v1.ModelsGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What call sends beside the request. */
final class CallKeyTest {
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                InsecureServerCredentials.create())
                        .addService(new Empty())
                        .intercept(new Keys())
                        .build()
                        .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void theKeyComesFromTheOptionOrElseFromTheConfiguration() {
        assertThat(call().code()).isZero();
        assertThat(call("--key", "ls_option").code()).isZero();
        assertThat(call("--set", "longspan.call.key=ls_set").code()).isZero();
        assertThat(call("--set", "longspan.call.key=ls_set", "--key", "ls_option").code()).isZero();
        assertThat(keys)
                .containsExactly("none", "Bearer ls_option", "Bearer ls_set", "Bearer ls_option");
    }

    @Test
    void aKeyThatIsRefusedIsBadInput() {
        Cli refused = call("--key", "ls_bad");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("UNAUTHENTICATED: no such key").doesNotContain("ls_bad");
    }

    @Test
    void whatDoesNotFitTogetherOrCannotBeReadIsRefused() {
        Path nowhere = Path.of("nowhere.pem");
        for (Cli bad :
                List.of(
                        call("--cert", nowhere),
                        call("--cert", nowhere, "--cert-key", nowhere),
                        call("--ca", nowhere),
                        call("--tls", "--cert", nowhere, "--cert-key", nowhere))) {
            assertThat(bad.code()).as(bad.err()).isEqualTo(2);
            assertThat(bad.err()).contains("--c").doesNotContain("\tat ");
        }
        assertThat(keys).isEmpty();
    }

    @Test
    void aServerThatDoesNotEncryptIsNoTlsServer() {
        Cli called = call("--tls", "--deadline", 5);
        assertThat(called.code()).isEqualTo(1);
        assertThat(called.err()).contains("UNAVAILABLE");
        assertThat(keys).isEmpty();
    }

    private Cli call(Object... arguments) {
        List<Object> all =
                new ArrayList<>(
                        List.of("call", "describe", "--target", "127.0.0.1:" + server.getPort()));
        all.addAll(List.of(arguments));
        return Cli.run(all.toArray());
    }

    private final class Keys implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String key =
                    headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            keys.add(key == null ? "none" : key);
            if (keys.getLast().endsWith("ls_bad")) {
                call.close(Status.UNAUTHENTICATED.withDescription("no such key"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }

    private static final class Empty extends ModelsGrpc.ModelsImplBase {
        @Override
        public void describe(
                DescribeModelRequest asked, StreamObserver<DescribeModelResponse> client) {
            client.onNext(DescribeModelResponse.getDefaultInstance());
            client.onCompleted();
        }
    }
}
