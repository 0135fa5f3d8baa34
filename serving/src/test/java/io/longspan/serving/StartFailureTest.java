package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.serving.access.AccessSettings;
import io.longspan.serving.schedule.SchedulerSettings;
import io.longspan.store.Store;
import io.longspan.store.model.ModelRow;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class StartFailureTest {
    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static ServedModelSpec model;

    @BeforeAll
    static void open() {
        store = POSTGRES.open();
        model = TestModels.longformer(folder, "tiny", 1);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void aPortInUseIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThat(sentence(settings(model), "spring.grpc.server.port=" + port))
                    .contains("cannot listen on 'HOST:PORT'")
                    .contains("stop what uses the port");
        }
    }

    @Test
    void keptPayloadsAreForNobodyWhoJustReachesTheServer() {
        AccessSettings open =
                new AccessSettings(
                        AccessSettings.Auth.NONE, AccessSettings.Limits.NONE, Optional.empty());
        assertThatThrownBy(() ->
                        new TestServer(
                                store,
                                settings(model),
                                TestModels.backends("loop"),
                                open,
                                "spring.grpc.server.address=0.0.0.0",
                                "longspan.serve.payloads.keep-days=7"))
                .rootCause()
                .isInstanceOf(ServingException.class)
                .hasMessageContaining("longspan.serve.auth is 'none'")
                .hasMessageContaining("'0.0.0.0'")
                .hasMessageNotContaining("\n");
    }

    @Test
    void headersForTheCollectorAreNotRepeatedWhereTheyAreWrong() {
        for (String wrong : List.of("secret", "a=secret,", "a b=secret", "a=secret,a=secret")) {
            assertThat(
                            sentence(
                                    settings(model),
                                    "longspan.serve.otlp.endpoint=http://127.0.0.1:1",
                                    "longspan.serve.otlp.headers=" + wrong))
                    .contains("of longspan.serve.otlp.headers is no header")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aFolderThatIsNoModelIsOneSentence() {
        Path nowhere = folder.resolve("nowhere");
        assertThat(sentence(settings(new ServedModelSpec("m", Optional.empty(), nowhere))))
                .contains("nowhere");
    }

    @Test
    void aVersionThatWasRegisteredWithOtherWeightsIsOneSentence() {
        store.models()
                .register(
                        new ModelRow(
                                "m",
                                "v1",
                                "elsewhere",
                                "0".repeat(64),
                                "masked-lm",
                                "longformer",
                                1,
                                1,
                                OptionalLong.empty(),
                                Instant.now()));
        ServedModelSpec second = new ServedModelSpec("m", Optional.of("v1"), model.folder());
        assertThat(sentence(settings(second)))
                .contains("version 'v1' of model 'm' is registered with other weights");
    }

    @Test
    void aBackendThatCannotBeChosenIsItsOwnSentence() {
        Throwable failure =
                catchThrowable(() ->
                        new TestServer(
                                store,
                                settings(model),
                                (name, workloads) -> {
                                    throw new AttentionConfigurationException(
                                            "no backend fits '" + name + "'");
                                }));
        assertThat(StartFailure.sentence(failure, "HOST:PORT")).contains("no backend fits 'tiny'");
    }

    @Test
    void aSpoolThatCannotBeWrittenIsOneSentence() throws Exception {
        Path file = Files.createFile(folder.resolve("a-file"));
        assertThat(sentence(ServingSettings.of(List.of(model), file)))
                .contains("spool folder '" + file + "' cannot be used");
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        refused(List.of(), "no model to serve");
        refused(List.of(model, model), "'tiny' is named twice");
        assertThatThrownBy(() -> new ServedModelSpec("a b", Optional.empty(), folder))
                .isInstanceOf(ServingException.class)
                .hasMessageContaining("'a b'");
        assertThatThrownBy(() -> SchedulerSettings.defaults().withWaiting(0))
                .isInstanceOf(ServingException.class)
                .hasMessageContaining("waiting requests is 0");
        assertThatThrownBy(() -> settings(model).withSpoolBytes(1))
                .isInstanceOf(ServingException.class)
                .hasMessageContaining("spool bytes is 1");
    }

    private static void refused(List<ServedModelSpec> models, String message) {
        assertThatThrownBy(() -> ServingSettings.of(models, folder))
                .isInstanceOf(ServingException.class)
                .hasMessageContaining(message);
    }

    private static ServingSettings settings(ServedModelSpec served) {
        return ServingSettings.of(List.of(served), folder.resolve("spool"));
    }

    private static String sentence(ServingSettings settings, String... properties) {
        Throwable failure =
                catchThrowable(() ->
                        new TestServer(store, settings, TestModels.backends("loop"), properties)
                                .close());
        assertThat(failure).isNotNull();
        return StartFailure.sentence(failure, "HOST:PORT").orElseThrow();
    }
}
