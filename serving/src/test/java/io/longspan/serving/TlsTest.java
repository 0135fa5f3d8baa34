package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.access.AccessSettings;
import io.longspan.serving.access.TlsSettings;
import io.longspan.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsTest {
    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Certificates.Pair shown;
    private static Certificates.Pair second;
    private static Certificates.Pair known;
    private static Certificates.Pair stranger;
    private static ServingSettings settings;
    private static Store store;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        shown = Certificates.make(folder, "shown");
        second = Certificates.make(folder, "second");
        known = Certificates.make(folder, "known");
        stranger = Certificates.make(folder, "stranger");
        store = POSTGRES.open();
        settings =
                ServingSettings.of(
                        List.of(TestModels.longformer(folder, "tiny", 1)), folder.resolve("spool"));
        server =
                serve(
                        new TlsSettings(
                                shown.certificate(),
                                shown.key(),
                                Optional.of(known.certificate())));
    }

    @AfterAll
    static void stop() {
        server.close();
        store.close();
    }

    /** In order, since the files change. */
    @Test
    void whoShowsAKnownCertificateIsTheCallerAndChangedFilesAreShownWithoutARestart()
            throws Exception {
        Path first = Files.copy(shown.certificate(), folder.resolve("first.crt"));
        try (LongspanClient client = client(first, Optional.of(known))) {
            String id =
                    client.embed("", "a text", Pooling.POOLING_MEAN, false)
                            .getCall()
                            .getInferenceId();
            assertThat(TestServer.rows(store, id).getFirst().caller()).isEqualTo("CN=known");
        }
        assertRefused(first, Optional.empty());
        assertRefused(first, Optional.of(stranger));
        assertRefused(second.certificate(), Optional.of(known));
        try (LongspanClient open = server.client()) {
            assertThatThrownBy(open::models).isInstanceOf(StatusRuntimeException.class);
        }
        try (LongspanClient before = client(first, Optional.of(known))) {
            assertThat(before.models()).hasSize(1);
            // Half of a pair changes nothing.
            Files.copy(
                    second.certificate(),
                    shown.certificate(),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Thread.sleep(6_000);
            try (LongspanClient still = client(first, Optional.of(known))) {
                assertThat(still.models()).hasSize(1);
            }
            second.over(shown);
            boolean changed = false;
            for (int i = 0; i < 100 && !changed; i++) {
                Thread.sleep(100);
                try (LongspanClient after = client(second.certificate(), Optional.of(known))) {
                    changed = after.models().size() == 1;
                } catch (StatusRuntimeException e) {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                }
            }
            assertThat(changed).isTrue();
            assertThat(before.models()).as("an open connection goes on").hasSize(1);
        }
        assertRefused(first, Optional.of(known));
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "no PEM", "another key"})
    void filesThatCannotBeUsedAreASentence(String what) throws IOException {
        Path key =
                switch (what) {
                    case "missing" -> folder.resolve("nowhere.key");
                    case "no PEM" -> Files.writeString(folder.resolve("text.key"), "no key\n");
                    default -> stranger.key();
                };
        assertThatThrownBy(() ->
                        serve(new TlsSettings(known.certificate(), key, Optional.empty())).close())
                .satisfies(e ->
                        assertThat(StartFailure.sentence(e, "here").orElseThrow())
                                .contains("known.crt")
                                .contains(key.toString())
                                .contains("PEM"));
    }

    private static TestServer serve(TlsSettings tls) {
        return new TestServer(
                store,
                settings,
                TestModels.backends("chunks"),
                new AccessSettings(
                        AccessSettings.Auth.AUTO, AccessSettings.Limits.NONE, Optional.of(tls)),
                tls.properties().entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static void assertRefused(Path authority, Optional<Certificates.Pair> own)
            throws IOException {
        try (LongspanClient client = client(authority, own)) {
            assertThatThrownBy(client::models)
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e ->
                                    assertThat(e.getStatus().getCode())
                                            .isEqualTo(Status.Code.UNAVAILABLE));
        }
    }

    private static LongspanClient client(Path authority, Optional<Certificates.Pair> own)
            throws IOException {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(authority.toFile());
        if (own.isPresent()) {
            credentials.keyManager(own.get().certificate().toFile(), own.get().key().toFile());
        }
        return LongspanClient.connect("127.0.0.1:" + server.address.getPort(), credentials.build())
                .withDeadline(Duration.ofSeconds(10));
    }
}
