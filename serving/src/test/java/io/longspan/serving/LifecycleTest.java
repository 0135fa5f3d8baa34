package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelRef;
import io.longspan.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Models that come and go while they are asked. */
final class LifecycleTest {
    private static final int SWAPS = Integer.getInteger("longspan.test.swaps", 50);
    private static final String BEYOND = " and so on".repeat(20);

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static ServedModelSpec first;
    private static ServedModelSpec second;

    private final AtomicInteger backends = new AtomicInteger();
    private final AtomicReference<GatedBackend> newest = new AtomicReference<>();
    private Optional<Path> remembered = Optional.empty();
    private TestServer server;
    private LongspanClient client;
    private ManagedChannel channel;

    @BeforeAll
    static void make() throws IOException {
        Files.createDirectories(folder.resolve("models"));
        store = POSTGRES.open();
        first = TestModels.longformer(folder.resolve("models"), "first", 1);
        second = TestModels.longformer(folder.resolve("models"), "second", 2);
    }

    @AfterAll
    static void closeStore() {
        store.close();
    }

    @BeforeEach
    void start() {
        start(Long.MAX_VALUE);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        client.close();
        server.close();
        assertThat(backends).as("backends that nobody closed").hasValue(0);
    }

    @Test
    void aLoadedVersionTakesTheNameAndTheOneBeforeEndsWithItsLastCall() throws Exception {
        GatedBackend old = newest.get();
        old.hold();
        ListenableFuture<EmbedResponse> running = embed("news", "", "runs" + BEYOND);
        assertThat(old.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        ModelDescription loaded = client.load("news", "v2", second.folder().toString(), false);
        assertThat(loaded.getVersion()).isEqualTo("v2");
        assertThat(loaded.getCurrent()).isTrue();
        assertThat(loaded.getMemoryBytes()).isPositive();
        ListenableFuture<EmbedResponse> after = embed("news", "", "after");
        assertThat(backends).hasValue(2);
        assertThat(client.models()).hasSize(1);
        old.open();
        assertThat(running.get(10, TimeUnit.SECONDS).getCall().getModelVersion()).isEqualTo("v1");
        assertThat(after.get(10, TimeUnit.SECONDS).getCall().getModelVersion()).isEqualTo("v2");
        for (int i = 0; i < 200 && backends.get() != 1; i++) {
            Thread.sleep(20);
        }
        assertThat(backends).hasValue(1);
    }

    @Test
    void aRestartBringsBackWhatWasLoadedAndNamed() throws Exception {
        remembered = Optional.of(folder.resolve("served.json"));
        restart();
        client.load("news", "v2", "second", false);
        client.load("news", "v3", "first", true);
        client.load("other", "a", "second", true);
        client.setAlias("stable", "news", "v2");
        client.setAlias("news", "news", "v2");
        restart();
        assertThat(version("news", "")).isEqualTo("v2");
        assertThat(version("stable", "")).isEqualTo("v2");
        assertThat(version("other", "")).isEqualTo("a");
        assertThat(client.models())
                .extracting(ModelDescription::getVersion)
                .containsExactlyInAnyOrder("v2", "v3", "a");
        client.deleteAlias("stable");
        client.unload("other", "");
        client.unload("news", "v3");
        restart();
        assertThat(client.aliases()).isEmpty();
        assertThat(client.models()).extracting(ModelDescription::getVersion).containsExactly("v2");
    }

    @Test
    void whatCannotBeBroughtBackKeepsNothingFromBeingServed() throws Exception {
        Path file = folder.resolve("served-before.json");
        remembered = Optional.of(file);
        Path copy = folder.resolve("models").resolve("gone");
        Files.createDirectory(copy);
        try (Stream<Path> files = Files.list(second.folder())) {
            for (Path from : files.toList()) {
                Files.copy(from, copy.resolve(from.getFileName()));
            }
        }
        restart();
        client.load("news", "v2", "gone", false);
        client.load("other", "a", "second", true);
        stop();
        Files.move(copy, folder.resolve("elsewhere"));
        start();
        assertThat(version("news", "")).isEqualTo("v1");
        assertThat(version("other", "")).isEqualTo("a");
        Files.writeString(file, "{\"models\":[{\"name\":7}");
        restart();
        assertThat(version("news", "")).isEqualTo("v1");
        assertThat(client.models()).hasSize(1);
    }

    private void restart() {
        stop();
        start();
    }

    @Test
    void severalVersionsAreAskedByVersionAndByAlias() throws Exception {
        client.load("news", "v2", "second", true);
        client.setAlias("stable", "news", "v1");
        assertThat(version("news", "")).isEqualTo("v2");
        assertThat(version("news", "v1")).isEqualTo("v1");
        assertThat(version("stable", "")).isEqualTo("v1");
        client.setAlias("news", "news", "v1");
        assertThat(version("news", "")).isEqualTo("v1");
        client.setAlias("stable", "news", "v2");
        assertThat(version("stable", "")).isEqualTo("v2");
        assertThat(health("stable")).isEqualTo(ServingStatus.SERVING);
        assertThat(client.aliases())
                .containsExactly(
                        ModelAlias.newBuilder()
                                .setAlias("stable")
                                .setName("news")
                                .setVersion("v2")
                                .build());
        refused(
                () -> client.unload("news", "v2"),
                Status.Code.FAILED_PRECONDITION,
                "has the alias 'stable'");
        refused(
                () -> client.unload("news", "v1"),
                Status.Code.FAILED_PRECONDITION,
                "is the one that the name points at");
        client.deleteAlias("stable");
        assertThat(health("stable")).isEqualTo(ServingStatus.NOT_SERVING);
        client.unload("news", "v2");
        assertThat(backends).hasValue(1);
        refused(() -> client.describe("stable"), Status.Code.NOT_FOUND, "'stable'");
        client.unload("news", "");
        refused(() -> client.describe("news"), Status.Code.NOT_FOUND, "served: nothing");
        assertThat(health("news")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(backends).hasValue(0);
        client.load("news", "v1", "first", false);
        assertThat(version("news", "")).isEqualTo("v1");
    }

    @Test
    void namesThatMeanSomethingElseAreRefused() {
        client.load("other", "v1", "second", false);
        client.setAlias("best", "news", "");
        refused(
                () -> client.setAlias("other", "news", ""),
                Status.Code.FAILED_PRECONDITION,
                "'other' is the name of a model");
        refused(
                () -> client.load("best", "v1", "second", false),
                Status.Code.FAILED_PRECONDITION,
                "'best' is an alias of version 'v1' of model 'news'");
        refused(
                () -> client.unload("best", ""),
                Status.Code.FAILED_PRECONDITION,
                "'best' is an alias");
        refused(
                () -> client.deleteAlias("news"),
                Status.Code.FAILED_PRECONDITION,
                "'news' is the name of a model");
        refused(
                () -> client.setAlias("a b", "news", ""),
                Status.Code.INVALID_ARGUMENT,
                "alias is 'a b'");
        refused(
                () -> client.load("news", "v1", "first", false),
                Status.Code.ALREADY_EXISTS,
                "is loaded");
    }

    @Test
    void whatCannotBeLoadedChangesNothing() throws Exception {
        Path broken = broken("cut", weights -> Files.write(weights, new byte[1000]));
        refused(
                () -> client.load("news", "v9", broken.toString(), false),
                Status.Code.INVALID_ARGUMENT,
                "");
        Path text = broken("text", weights -> Files.writeString(weights, "no weights"));
        refused(
                () -> client.load("news", "v9", text.toString(), false),
                Status.Code.INVALID_ARGUMENT,
                "");
        Path half =
                broken(
                        "half",
                        weights -> {
                            byte[] all = Files.readAllBytes(weights);
                            Files.write(weights, java.util.Arrays.copyOf(all, all.length / 2));
                        });
        refused(
                () -> client.load("news", "v9", half.toString(), false),
                Status.Code.INVALID_ARGUMENT,
                "");
        Path noConfig = broken("no-config", _ -> {});
        Files.writeString(noConfig.resolve("config.json"), "{\"model_type\":");
        refused(
                () -> client.load("news", "v9", noConfig.toString(), false),
                Status.Code.INVALID_ARGUMENT,
                "");
        refused(
                () -> client.load("news", "v1", second.folder().toString(), true),
                Status.Code.ALREADY_EXISTS,
                "");
        for (String outside : List.of("/etc", "../models-too", "nowhere", "", "\0")) {
            refused(
                    () -> client.load("news", "v9", outside, false),
                    Status.Code.FAILED_PRECONDITION,
                    "in none of the folders");
        }
        assertThat(version("news", "")).isEqualTo("v1");
        assertThat(backends).hasValue(1);
    }

    @Test
    void aModelThatDoesNotFitIntoMemoryIsRefusedWithTheNumbers() throws Exception {
        long one = client.describe("news").getMemoryBytes();
        stop();
        start(one * 3 / 2);
        refused(
                () -> client.load("news", "v2", "second", true),
                Status.Code.FAILED_PRECONDITION,
                "MiB that models may take are in use");
        assertThat(version("news", "")).isEqualTo("v1");
        client.unload("news", "");
        client.load("news", "v2", "second", true);
        assertThat(version("news", "")).isEqualTo("v2");
    }

    /** A thousand by {@code -Dlongspan.test.swaps=1000}. */
    @Test
    void swapsUnderLoadFailNoCallAndLeakNothing() throws Exception {
        AtomicLong answered = new AtomicLong();
        AtomicReference<Throwable> problem = new AtomicReference<>();
        List<Thread> callers =
                Stream.generate(() -> Thread.ofVirtual().unstarted(() -> ask(answered, problem)))
                        .limit(3)
                        .toList();
        callers.forEach(Thread::start);
        long mapped = 0;
        for (int swap = 0; swap < SWAPS; swap++) {
            client.load("news", "s" + swap % 2, swap % 2 == 0 ? "second" : "first", false);
            assertThat(client.models()).hasSize(1);
            if (swap == SWAPS / 5) {
                mapped = mappings();
            }
        }
        callers.forEach(Thread::interrupt);
        for (Thread caller : callers) {
            caller.join(20_000);
        }
        assertThat(problem.get()).isNull();
        System.out.println(SWAPS + " swaps, " + answered + " calls answered meanwhile");
        assertThat(answered.get()).isGreaterThan(SWAPS);
        for (int i = 0; i < 200 && backends.get() != 1; i++) {
            Thread.sleep(20);
        }
        assertThat(backends).hasValue(1);
        assertThat(mappings()).as("mappings of checkpoints").isLessThanOrEqualTo(mapped + 4);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("longspan-models"))
                .hasSize(1);
    }

    private void ask(AtomicLong answered, AtomicReference<Throwable> problem) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                embed("news", "", "text").get(20, TimeUnit.SECONDS);
                answered.incrementAndGet();
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            // The end of the test.
        } catch (Exception e) {
            problem.compareAndSet(null, e);
        }
    }

    /** Files of checkpoints that are in memory now; 0 where the system does not say. */
    private static long mappings() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.endsWith(".safetensors")).count();
        }
    }

    private interface Breaking {
        void at(Path weights) throws IOException;
    }

    private static Path broken(String name, Breaking breaking) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("models").resolve(name));
        try (Stream<Path> files = Files.list(first.folder())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        breaking.at(copy.resolve("model.safetensors"));
        return copy;
    }

    private void start(long memory) {
        ServedModelSpec news = new ServedModelSpec("news", Optional.of("v1"), first.folder());
        BackendChoice chosen =
                TestModels.backends(
                        "chunks",
                        b -> {
                            GatedBackend gated = new GatedBackend(b);
                            newest.set(gated);
                            return gated;
                        });
        BackendChoice counted =
                (model, workloads) -> {
                    ChosenBackend opened = chosen.open(model, workloads);
                    backends.incrementAndGet();
                    return new ChosenBackend(
                            opened.backend(),
                            opened.name(),
                            opened.version(),
                            opened.selectionReport(),
                            () -> {
                                opened.close();
                                backends.decrementAndGet();
                            });
                };
        ServingSettings settings =
                ServingSettings.of(List.of(news), folder.resolve("spool"))
                        .withModels(memory, List.of(folder.resolve("models")));
        server =
                new TestServer(
                        store, remembered.map(settings::withRemembered).orElse(settings), counted);
        client = server.client();
        channel = server.channel();
    }

    private ListenableFuture<EmbedResponse> embed(String name, String version, String text) {
        return InferenceGrpc.newFutureStub(channel)
                .embed(
                        EmbedRequest.newBuilder()
                                .setModel(ModelRef.newBuilder().setName(name).setVersion(version))
                                .setText(text)
                                .build());
    }

    private String version(String name, String version) throws Exception {
        return embed(name, version, "text").get(10, TimeUnit.SECONDS).getCall().getModelVersion();
    }

    private ServingStatus health(String name) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService("longspan.model." + name).build())
                .getStatus();
    }

    private static void refused(Runnable call, Status.Code code, String says) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).contains(says).doesNotContain("log says");
            return;
        }
        assertThat(code).isEqualTo(Status.Code.OK);
    }
}
