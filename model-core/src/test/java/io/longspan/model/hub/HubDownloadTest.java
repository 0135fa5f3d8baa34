package io.longspan.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server on loopback. */
final class HubDownloadTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    @TempDir Path folder;

    private FakeHub hub;
    private Path target;
    private final byte[] weights = new byte[300_000];

    @BeforeEach
    void publish() throws IOException {
        hub = new FakeHub();
        target = folder.resolve("name");
        new Random(8).nextBytes(weights);
        hub.small("config.json", "{\"model_type\": \"longformer\"}");
        hub.small("merges.txt", "#version: 0.2\n");
        hub.small("README.md", "not wanted");
        hub.large("model.safetensors", weights);
        hub.large("pytorch_model.bin", new byte[] {1});
        hub.otherNames.add("onnx/model.onnx");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void configurationTokenizerAndSafetensorsComeChecked() throws IOException {
        HubReport report = pull(null);
        assertThat(names())
                .containsExactlyInAnyOrder("config.json", "merges.txt", "model.safetensors");
        assertThat(target.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(target.resolve("merges.txt")).hasContent("#version: 0.2\n");
        assertThat(report.commit()).isEqualTo(FakeHub.COMMIT);
        assertThat(report.files())
                .extracting(HubReport.Pulled::name, HubReport.Pulled::proof)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("config.json", "git sha1"),
                        org.assertj.core.groups.Tuple.tuple("merges.txt", "git sha1"),
                        org.assertj.core.groups.Tuple.tuple("model.safetensors", "sha256"));
        assertNothingElse();
    }

    @Test
    void partsOfShardedWeightsComeWithTheirIndex() throws IOException {
        try (FakeHub sharded = new FakeHub()) {
            sharded.small("config.json", "{}");
            sharded.small("model.safetensors.index.json", "{}");
            sharded.large("model-00001-of-00002.safetensors", new byte[] {1, 2});
            sharded.large("model-00002-of-00002.safetensors", new byte[] {3});
            sharded.large("pytorch_model.bin", new byte[] {1});
            new HubDownload(model(sharded, null), Duration.ofSeconds(5), SHORT)
                    .pull(target, Progress.none());
        }
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "config.json",
                        "model.safetensors.index.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors");
    }

    @Test
    void aPytorchFileComesWhereThereAreNoSafetensors() throws IOException {
        try (FakeHub old = new FakeHub()) {
            old.small("config.json", "{}");
            old.large("pytorch_model.bin", new byte[] {1});
            new HubDownload(model(old, null), Duration.ofSeconds(5), SHORT)
                    .pull(target, Progress.none());
        }
        assertThat(names()).containsExactlyInAnyOrder("config.json", "pytorch_model.bin");
    }

    @Test
    void aBrokenTransferGoesOnWhereItEnded() throws IOException {
        hub.cuts.addAll(List.of(1000, 1000, 100_000, 50_000)); // small files are shorter than that
        pull(null);
        assertThat(target.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(ranges("model.safetensors")).hasSizeGreaterThan(2);
        assertThat(ranges("model.safetensors").getFirst()).isEqualTo("whole");
        assertThat(ranges("model.safetensors").get(1))
                .startsWith("bytes=")
                .isNotEqualTo("bytes=0-");
    }

    @Test
    void theNextRunGoesOnToo() throws IOException {
        hub.cuts.addAll(List.of(1000, 1000, 100_000, 0, 0, 0, 0, 0, 0, 0));
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(HubUnavailableException.class)
                .hasMessageContaining("broke off at byte")
                .hasMessageContaining("run the same command again");
        assertThat(target).doesNotExist();
        hub.cuts.clear();
        hub.requests.clear();
        HubReport report = pull(null);
        assertThat(ranges("config.json")).isEmpty();
        assertThat(ranges("model.safetensors")).hasSize(1);
        long kept = report.files().getLast().kept();
        assertThat(kept).isBetween(1L, 100_000L);
        assertThat(ranges("model.safetensors").getFirst()).isEqualTo("bytes=" + kept + "-");
        assertThat(target.resolve("model.safetensors")).hasBinaryContent(weights);
        assertNothingElse();
    }

    @Test
    void aServerWithoutRangesStartsOver() throws IOException {
        hub.wholeOnly = true;
        hub.cuts.addAll(List.of(1000, 1000, 100_000));
        pull(null);
        assertThat(target.resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void contentsWithAnotherDigestAreThrownAway() throws IOException {
        hub.damaged = true;
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(HubUnavailableException.class)
                .hasMessageContaining("git sha1")
                .hasMessageContaining("config.json");
        assertThat(target).doesNotExist();
        hub.damaged = false;
        pull(null);
        assertThat(target.resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void largeFilesAreHeldAgainstTheirSha256() {
        assertThatThrownBy(() ->
                        new HubDownload(model(hub, null), Duration.ofSeconds(5), SHORT)
                                .pull(
                                        target,
                                        (what, done, total) ->
                                                hub.damaged = done > total - weights.length - 1))
                .isInstanceOf(HubUnavailableException.class)
                .hasMessageContaining("sha256")
                .hasMessageContaining("model.safetensors");
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "/etc/passwd",
                "a/../../b",
                "..\\evil",
                "C:evil",
                "a/./b",
                "",
                "x\u0000y"
            })
    void aNameThatLeadsOutOfTheFolderIsRefused(String name) {
        hub.otherNames.add(name);
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("outside the folder");
        assertNothingElse();
        assertThat(target).doesNotExist();
    }

    @Test
    void whatIsNotThereOrNotOursIsSaid() {
        hub.status = 404;
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("owner/name at main")
                .hasMessageContaining("--revision");
        hub.status = 401;
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("set longspan.hub.token");
        assertThatThrownBy(() -> pull("hf_secret"))
                .hasMessageContaining("whether the token")
                .hasMessageNotContaining("hf_secret");
        hub.status = 418;
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(HubUnavailableException.class)
                .hasMessageContaining("418");
        hub.status = 503;
        assertThatThrownBy(() -> pull(null)).isInstanceOf(HubUnavailableException.class);
        assertNothingElse();
    }

    @Test
    void aServerThatIsAwayIsSaid() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        HubModel away = HubModel.of("http://127.0.0.1:" + port, "owner/name", "main", null);
        assertThatThrownBy(() ->
                        new HubDownload(away, Duration.ofSeconds(5), SHORT)
                                .pull(target, Progress.none()))
                .isInstanceOf(HubUnavailableException.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("longspan.hub.endpoint");
        assertNothingElse();
    }

    @Test
    void aServerThatFallsSilentCountsAsBroken() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            HubModel model =
                    HubModel.of(
                            "http://127.0.0.1:" + silent.getLocalPort(),
                            "owner/name",
                            "main",
                            null);
            assertThatThrownBy(() ->
                            new HubDownload(model, Duration.ofMillis(300), SHORT)
                                    .pull(target, Progress.none()))
                    .isInstanceOf(HubUnavailableException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void theTokenGoesToTheEndpointAndToNobodyElse() throws IOException {
        try (FakeHub other = new FakeHub()) {
            other.small("config.json", "{\"model_type\": \"longformer\"}");
            other.small("merges.txt", "#version: 0.2\n");
            other.large("model.safetensors", weights);
            hub.redirect = other.endpoint();
            pull("hf_secret");
            assertThat(hub.requests)
                    .allSatisfy(request ->
                            assertThat(request.authorization()).isEqualTo("Bearer hf_secret"));
            assertThat(other.requests)
                    .hasSize(3)
                    .allSatisfy(request -> assertThat(request.authorization()).isNull());
        }
        assertThat(model(hub, "hf_secret").toString()).doesNotContain("hf_secret");
    }

    @Test
    void aRedirectToTheEndpointItselfKeepsTheToken() throws IOException {
        hub.redirect = "";
        pull("hf_secret");
        assertThat(hub.requests)
                .filteredOn(request -> request.path().startsWith("/cdn/"))
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.authorization()).isNotNull());
    }

    @Test
    void redirectsThatNeverEndOrLeadNowhereAreGivenUp() {
        hub.redirect = "file:///etc";
        assertThatThrownBy(() -> pull(null))
                .isInstanceOf(HubUnavailableException.class)
                .hasMessageContaining("less safe");
    }

    @Test
    void whatTheUserNamesIsChecked() {
        for (String name : List.of("name", "a/b/c", "../b", "a/..", "a b/c", "-a/b")) {
            assertThatThrownBy(() -> HubModel.of("http://localhost", name, "main", null))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("OWNER/NAME");
        }
        assertThatThrownBy(() -> HubModel.of("http://localhost", "a/b", "a/../b", null))
                .hasMessageContaining("revision");
        assertThatThrownBy(() -> HubModel.of("ftp://localhost", "a/b", "main", null))
                .hasMessageContaining("http or https");
        assertThatThrownBy(() -> HubModel.of("http://mirror.example", "a/b", "main", "t"))
                .hasMessageContaining("not encrypted");
        assertThat(HubModel.of("https://mirror.example/hub/", "a/b", "refs/pr/1", null).listing())
                .hasToString(
                        "https://mirror.example/hub/api/models/a/b/revision/refs%2Fpr%2F1?blobs=true");
    }

    @Test
    void aFolderWithSomethingInItIsNotTouched() throws IOException {
        Files.createDirectory(target);
        Files.writeString(target.resolve("mine"), "keep");
        assertThatThrownBy(() -> pull(null)).hasMessageContaining("exists already");
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void progressEndsWithAllBytes() {
        long[] last = new long[2];
        new HubDownload(model(hub, null), Duration.ofSeconds(5), SHORT)
                .pull(
                        target,
                        (what, done, total) -> {
                            assertThat(done).isGreaterThanOrEqualTo(last[0]);
                            last[0] = done;
                            last[1] = total;
                        });
        assertThat(last[0]).isEqualTo(last[1]).isGreaterThan(weights.length);
    }

    private HubReport pull(@Nullable String token) {
        return new HubDownload(model(hub, token), Duration.ofSeconds(5), SHORT)
                .pull(target, Progress.none());
    }

    private static HubModel model(FakeHub hub, @Nullable String token) {
        return HubModel.of(hub.endpoint(), "owner/name", "main", token);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(file -> Objects.toString(file.getFileName())).toList();
        }
    }

    /** Ranges that were asked for, "whole" where there was none. */
    private List<String> ranges(String name) {
        return hub.requests.stream()
                .filter(request -> request.path().endsWith("/" + name))
                .map(request -> Objects.requireNonNullElse(request.range(), "whole"))
                .toList();
    }

    private void assertNothingElse() {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.equals(target))).isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
