package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.GetPayloadResponse;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ListModelsRequest;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.access.AccessSettings;
import io.longspan.serving.access.Classed;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.audit.AuditRow;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.key.ApiKeys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for keys, as its clients meet it. */
final class AccessTest {
    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store direct;
    private static Wire wire;
    private static Store store;
    private static TestServer server;
    private static LongspanClient client;

    @BeforeAll
    static void start() throws Exception {
        direct = POSTGRES.open();
        StoreSettings.External address = direct.address();
        int port = URI.create(address.url().substring("jdbc:".length())).getPort();
        wire = new Wire(port);
        store =
                Store.open(
                        new StoreSettings.External(
                                address.url().replace(":" + port, ":" + wire.port()),
                                address.user(),
                                address.password()));
        server =
                new TestServer(
                        store,
                        ServingSettings.of(
                                List.of(TestModels.longformer(folder, "tiny", 1)),
                                folder.resolve("spool")),
                        TestModels.backends("chunks"),
                        new AccessSettings(
                                AccessSettings.Auth.KEYS,
                                new AccessSettings.Limits(0, 0, 1000),
                                Optional.empty()),
                        "longspan.serve.payloads.keep-days=3",
                        "longspan.serve.payloads.size=1");
        client = server.client();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
        store.close();
        wire.close();
        direct.close();
    }

    @Test
    void aCallWithoutAGoodKeyIsTurnedAwayAndHasItsRow() throws InterruptedException {
        StatusRuntimeException none = refused(() -> embed(client), Status.Code.UNAUTHENTICATED);
        assertThat(none.getStatus().getDescription()).contains("authorization: Bearer KEY");
        InferenceRow row = row(InferenceId.of(none).orElseThrow());
        assertThat(row.status()).isEqualTo("UNAUTHENTICATED");
        assertThat(row.caller()).isEqualTo("anonymous");
        assertThat(row.tokens()).isZero();
        for (String wrong :
                List.of("nonsense", "ls_0123456789_AAAA", key("a", "infer").secret() + "x")) {
            StatusRuntimeException e =
                    refused(() -> embed(client.withKey(wrong)), Status.Code.UNAUTHENTICATED);
            assertThat(e.getStatus().getDescription()).contains("not known").doesNotContain(wrong);
        }
        refused(client::models, Status.Code.UNAUTHENTICATED);
    }

    @Test
    void anotherSchemeIsRefusedAndTheNameOfTheSchemeIsWrittenInAnyCase() throws Exception {
        ManagedChannel channel = server.channel();
        try {
            StatusRuntimeException basic =
                    refused(
                            () -> models(channel, "Basic dXNlcjpwYXNz"),
                            Status.Code.UNAUTHENTICATED);
            assertThat(basic.getStatus().getDescription()).contains("'Bearer KEY'");
            assertThat(models(channel, "bearer " + key("lower", "infer").secret())).isEqualTo(1);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aKeyNamesTheCallerAndItsUseIsNoted() throws InterruptedException {
        ApiKeys.Made made = key("billing", "infer");
        String id = embed(client.withKey(made.secret()));
        assertThat(row(id).caller()).isEqualTo("billing");
        waitUntil(() ->
                direct.apiKeys().find(made.row().id()).orElseThrow().lastUsedAt().isPresent());
    }

    @Test
    void aKeyOpensItsScopesAndNothingElse() throws InterruptedException {
        LongspanClient infer = client.withKey(key("infers", "infer").secret());
        LongspanClient stats = client.withKey(key("counts", "stats").secret());
        LongspanClient models = client.withKey(key("loads", "models").secret());
        for (LongspanClient any : List.of(infer, stats, models)) {
            assertThat(any.models()).hasSize(1);
            assertThat(any.describe("tiny").getName()).isEqualTo("tiny");
        }
        ListInferencesRequest all = ListInferencesRequest.getDefaultInstance();
        assertThat(stats.inferences(all)).isNotNull();
        StatusRuntimeException denied =
                refused(() -> infer.inferences(all), Status.Code.PERMISSION_DENIED);
        assertThat(denied.getStatus().getDescription())
                .isEqualTo(
                        "key 'infers' does not open 'longspan.v1.Inferences/List': it opens infer, and this takes a key that opens stats");
        refused(() -> infer.setAlias("other", "tiny", ""), Status.Code.PERMISSION_DENIED);
        StatusRuntimeException untracked =
                refused(() -> embed(models), Status.Code.PERMISSION_DENIED);
        assertThat(row(InferenceId.of(untracked).orElseThrow()).caller()).isEqualTo("loads");
    }

    @Test
    void everyMethodThatIsServedIsOpenedBySomeKey() {
        List<String> methods =
                server.context.getBeanProvider(BindableService.class).stream()
                        .flatMap(service -> service.bindService().getMethods().stream())
                        .map(method -> method.getMethodDescriptor().getFullMethodName())
                        .toList();
        assertThat(methods).contains("longspan.v1.Models/Load").allMatch(Classed::opens);
        assertThat(Classed.opens("longspan.v1.Secrets/Read")).isFalse();
        assertThat(Classed.opens("nonsense")).isFalse();
    }

    @Test
    void whoWatchesTheServerNeedsNoKey() {
        ManagedChannel channel = server.channel();
        try {
            assertThat(
                            HealthGrpc.newBlockingStub(channel)
                                    .check(HealthCheckRequest.getDefaultInstance())
                                    .getStatus())
                    .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aRevokedKeyIsRefusedWithinSecondsAndAnExpiredOneAtOnce() throws InterruptedException {
        ApiKeys.Made made = key("leaver", "infer");
        LongspanClient leaver = client.withKey(made.secret());
        assertThat(leaver.models()).hasSize(1);
        assertThat(direct.apiKeys().revoke(made.row().id(), "test")).isTrue();
        long begin = System.nanoTime();
        waitUntil(() -> {
            try {
                return leaver.models().isEmpty();
            } catch (StatusRuntimeException e) {
                return e.getStatus().getCode() == Status.Code.UNAUTHENTICATED;
            }
        });
        assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
        ApiKeys.Made old =
                direct.apiKeys()
                        .create(
                                "old",
                                Set.of("infer"),
                                Optional.of(Instant.now().minusSeconds(1)),
                                "test");
        refused(() -> client.withKey(old.secret()).models(), Status.Code.UNAUTHENTICATED);
    }

    @Test
    void whileTheDatabaseIsAwayKnownKeysGoOnAndUnknownOnesAreUnavailable()
            throws InterruptedException {
        LongspanClient known = client.withKey(key("steady", "infer").secret());
        ApiKeys.Made stranger = key("stranger", "infer");
        embed(known);
        wire.cut();
        try {
            StatusRuntimeException away =
                    refused(
                            () -> client.withKey(stranger.secret()).models(),
                            Status.Code.UNAVAILABLE);
            assertThat(away.getStatus().getDescription()).contains("cannot be checked now");
            embed(known);
            assertThat(known.models()).hasSize(1);
        } finally {
            wire.mend();
        }
        waitUntil(() -> {
            try {
                return client.withKey(stranger.secret()).models().size() == 1;
            } catch (StatusRuntimeException e) {
                return false;
            }
        });
    }

    @Test
    void whatChangesTheServerIsWrittenDownWithWhoAsked() {
        LongspanClient admin = client.withKey(key("deployer", "models").secret());
        admin.setAlias("stable", "tiny", "");
        admin.deleteAlias("stable");
        refused(
                () -> admin.load("tiny", "2", folder.resolve("nowhere").toString(), false),
                Status.Code.FAILED_PRECONDITION);
        List<AuditRow> deeds =
                direct.audit().list(100).stream()
                        .filter(deed -> deed.actor().equals("deployer"))
                        .toList()
                        .reversed();
        assertThat(deeds)
                .extracting(AuditRow::action)
                .containsExactly("alias.set", "alias.delete", "model.load", "model.load.failed");
        assertThat(deeds)
                .extracting(AuditRow::subject)
                .containsExactly("alias stable", "alias stable", "model tiny", "model tiny");
        assertThat(deeds.get(2).detail().orElseThrow())
                .contains("nowhere")
                .contains("\"version\": \"2\"")
                .contains("127.0.0.1");
        assertThat(deeds.get(3).detail().orElseThrow()).contains("\"why\": ");
    }

    @Test
    void aKeyThatHasUsedItsTokensWaitsAndOthersDoNot() throws InterruptedException {
        LongspanClient greedy = client.withKey(key("greedy", "infer").secret());
        StatusRuntimeException over = null;
        for (int i = 0; i < 50 && over == null; i++) {
            try {
                greedy.embed("", "word ".repeat(500), Pooling.POOLING_MEAN, false);
            } catch (StatusRuntimeException e) {
                over = e;
            }
        }
        assertThat(over).isNotNull();
        assertThat(over.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(over.getStatus().getDescription()).contains("1000 tokens a minute");
        assertThat(over.getTrailers().keys()).contains("grpc-retry-pushback-ms");
        assertThat(row(InferenceId.of(over).orElseThrow()).status())
                .isEqualTo("RESOURCE_EXHAUSTED");
        embed(client.withKey(key("modest", "infer").secret()));
    }

    @Test
    void whatWasSaidIsKeptForThoseWhoMayReadItAndDeletedForGood() throws Exception {
        LongspanClient said = client.withKey(key("said", "infer").secret());
        LongspanClient reader = client.withKey(key("reader", "payloads").secret());
        String text = "a secret text";
        String id = said.embed("", text, Pooling.POOLING_MEAN, false).getCall().getInferenceId();
        GetPayloadResponse kept = reader.payload(id);
        assertThat(kept.getMethod()).isEqualTo("longspan.v1.Inference/Embed");
        assertThat(kept.getRequest()).contains("\"text\":\"" + text + "\"");
        assertThat(kept.getRequestCut()).isFalse();
        assertThat(kept.getAnswer()).contains(id).contains("\"vector\":[");
        assertThat(kept.getEndsAt().getSeconds() - Instant.now().getEpochSecond())
                .isBetween(3 * 86_400L - 60, 3 * 86_400L);
        String other =
                refused(
                                () -> said.embed("no such", text, Pooling.POOLING_MEAN, false),
                                Status.Code.NOT_FOUND)
                        .getTrailers()
                        .get(InferenceId.TRAILER);
        assertThat(reader.payload(other).getRequest()).contains("no such");
        assertThat(reader.payload(other).getAnswer()).isEmpty();
        String long2 = "word ".repeat(300);
        String cut =
                reader.payload(
                                said.embed("", long2, Pooling.POOLING_MEAN, false)
                                        .getCall()
                                        .getInferenceId())
                        .getRequest();
        assertThat(cut).contains("word word ").hasSizeBetween(900, 1100);

        refused(() -> said.payload(id), Status.Code.PERMISSION_DENIED);
        LongspanClient stats = client.withKey(key("counting", "stats").secret());
        refused(() -> stats.payload(id), Status.Code.PERMISSION_DENIED);
        refused(
                () -> stats.deletePayloads("said", Optional.empty()),
                Status.Code.PERMISSION_DENIED);

        Instant before = row(other).at();
        assertThat(reader.deletePayloads("said", Optional.of(before))).isEqualTo(1);
        refused(() -> reader.payload(id), Status.Code.NOT_FOUND);
        assertThat(reader.payload(other).getRequest()).contains("no such");
        assertThat(reader.deletePayloads("said", Optional.empty())).isEqualTo(2);
        refused(() -> reader.payload(other), Status.Code.NOT_FOUND);
        assertThat(row(id).payloadDigest()).hasSize(64);
        refused(() -> reader.deletePayloads("", Optional.empty()), Status.Code.INVALID_ARGUMENT);
        refused(
                () -> reader.deletePayloads("said", Optional.of(Instant.now().plusSeconds(60))),
                Status.Code.INVALID_ARGUMENT);
        List<AuditRow> deeds =
                direct.audit().list(200).stream()
                        .filter(deed -> deed.actor().equals("reader"))
                        .toList()
                        .reversed();
        assertThat(deeds.getFirst().action()).isEqualTo("payload.read");
        assertThat(deeds.getFirst().subject()).isEqualTo("inference " + id);
        assertThat(deeds)
                .filteredOn(deed -> deed.action().equals("payload.delete"))
                .hasSize(4)
                .first()
                .satisfies(deed -> {
                    assertThat(deed.subject()).isEqualTo("caller said");
                    assertThat(deed.detail().orElseThrow())
                            .contains(before.toString().substring(0, 19));
                });
    }

    private static ApiKeys.Made key(String name, String... scopes) {
        return direct.apiKeys().create(name, Set.of(scopes), Optional.empty(), "test");
    }

    private static String embed(LongspanClient by) {
        return by.embed("", "a text", Pooling.POOLING_MEAN, false).getCall().getInferenceId();
    }

    private static int models(ManagedChannel channel, String authorization) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        return ModelsGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .list(ListModelsRequest.getDefaultInstance())
                .getModelsCount();
    }

    private static InferenceRow row(String id) throws InterruptedException {
        return TestServer.rows(direct, id).getFirst();
    }

    private static StatusRuntimeException refused(ThrowingCallable call, Status.Code code) {
        StatusRuntimeException[] caught = new StatusRuntimeException[1];
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> caught[0] = e);
        assertThat(caught[0].getStatus().getCode()).as(caught[0].toString()).isEqualTo(code);
        return caught[0];
    }

    /** Until something is so; ten seconds at most. */
    private static void waitUntil(java.util.function.BooleanSupplier so)
            throws InterruptedException {
        for (int i = 0; i < 200 && !so.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(so.getAsBoolean()).isTrue();
    }
}
