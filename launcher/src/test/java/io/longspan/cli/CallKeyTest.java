package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.DescribeModelRequest;
import io.longspan.api.v1.DescribeModelResponse;
import io.longspan.api.v1.ModelsGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What call sends beside the request. */
final class CallKeyTest {
    private static final String PASSWORD = "secret of a test";

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
        assertThat(called.err())
                .contains("UNAVAILABLE: the server does not encrypt; leave out --tls and --ca");
        assertThat(keys).isEmpty();
    }

    @Test
    void whoeverCannotReachAServerIsToldWhy(@TempDir Path folder) throws Exception {
        Server encrypting =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                credentials(folder.resolve("store.p12")))
                        .addService(new Empty())
                        .build()
                        .start();
        int port = encrypting.getPort();
        try {
            assertThat(refusal("--target", "127.0.0.1:" + port))
                    .contains("the server broke the connection off; if it encrypts, give");
            assertThat(refusal("--target", "127.0.0.1:" + port, "--tls"))
                    .contains("nobody whom this call believes has signed the server's certificate")
                    .contains("--ca");
            Path own = folder.resolve("own.pem");
            Files.writeString(own, pem(folder.resolve("store.p12")));
            assertThat(refusal("--target", "127.0.0.1:" + port, "--ca", own))
                    .contains("is not for the host that --target names")
                    .contains("127.0.0.1");
            assertThat(call("--target", "localhost:" + port, "--ca", own).code()).isZero();
        } finally {
            encrypting.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        assertThat(refusal("--target", "127.0.0.1:" + port))
                .contains("nobody listens there; check --target");
    }

    private String refusal(Object... arguments) {
        Cli called = call(arguments);
        assertThat(called.code()).isEqualTo(1);
        assertThat(called.err()).contains("UNAVAILABLE").doesNotContain("Channel Pipeline");
        return called.err();
    }

    /** A certificate for localhost that nobody else has signed. */
    private static ServerCredentials credentials(Path store) throws Exception {
        Process made =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "own",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .inheritIO()
                        .start();
        assertThat(made.waitFor()).isZero();
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(
                KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()),
                PASSWORD.toCharArray());
        return TlsServerCredentials.newBuilder().keyManager(keys.getKeyManagers()).build();
    }

    private static String pem(Path store) throws Exception {
        byte[] encoded =
                KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray())
                        .getCertificate("own")
                        .getEncoded();
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n";
    }

    private Cli call(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("call", "describe"));
        if (!List.of(arguments).contains("--target")) {
            all.addAll(List.of("--target", "127.0.0.1:" + server.getPort()));
        }
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
