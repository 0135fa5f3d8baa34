package io.longspan.attention.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttentionRegistryTest {
    @TempDir Path folder;

    @Test
    void aJarInTheFolderIsFoundAndLoadsItsOwnClasses() throws IOException {
        Path jar = Jars.offering(folder.resolve("fake.jar"), FakeProvider.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThat(registry.names()).containsExactly("fake");
            AttentionBackendProvider provider = registry.named("fake").provider();
            assertThat(registry.named("fake").origin()).isEqualTo(jar.toString());
            assertThat(provider.getClass().getClassLoader()).isInstanceOf(PluginClassLoader.class);
            assertThat(provider).isNotInstanceOf(FakeProvider.class);
        }
    }

    @Test
    void aSubFolderIsOnePlugInWithItsJars() throws IOException {
        Jars.offering(folder.resolve("vendor/fake.jar"), FakeProvider.class);
        Jars.write(folder.resolve("vendor/library.jar"), "", List.of());
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThat(registry.named("fake").origin())
                    .isEqualTo(folder.resolve("vendor").toString());
            assertThat(registry.rejected()).isEmpty();
        }
    }

    @Test
    void twoBackendsOfOneNameAreAnErrorThatNamesBothJars() throws IOException {
        Jars.offering(folder.resolve("a.jar"), FakeProvider.class);
        Jars.offering(folder.resolve("b.jar"), FakeProvider.class);
        assertThatThrownBy(() -> AttentionRegistry.discover(folder))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("'fake'")
                .hasMessageContaining("a.jar")
                .hasMessageContaining("b.jar");
    }

    @Test
    void brokenPlugInsAreRejectedWithTheirReasonAndTheGoodOnesLoad() throws IOException {
        Jars.offering(folder.resolve("good.jar"), FakeProvider.Other.class);
        Jars.offering(folder.resolve("old.jar"), FakeProvider.OldLevel.class);
        Jars.offering(folder.resolve("exploding.jar"), FakeProvider.Exploding.class);
        Jars.write(folder.resolve("missing.jar"), "com.example.Nowhere\n", List.of());
        Jars.write(folder.resolve("empty.jar"), "", List.of());
        Jars.write(
                folder.resolve("half.jar"),
                FakeProvider.Other.class.getName(),
                List.of(FakeProvider.Other.class));
        Files.writeString(folder.resolve("text.jar"), "this is no jar");
        Files.writeString(folder.resolve("readme.txt"), "ignored");
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThat(registry.names()).containsExactly("other");
            assertThat(registry.rejected())
                    .anySatisfy(r ->
                            assertThat(r.origin() + r.reason()).contains("old.jar", "SPI level 0"))
                    .anySatisfy(r ->
                            assertThat(r.origin() + r.reason())
                                    .contains("exploding.jar", "no such engine"))
                    .anySatisfy(r ->
                            assertThat(r.origin() + r.reason())
                                    .contains("missing.jar", "com.example.Nowhere"))
                    .anySatisfy(r ->
                            assertThat(r.origin() + r.reason())
                                    .contains("empty.jar", "no attention backend"))
                    .anySatisfy(r ->
                            assertThat(r.origin() + r.reason())
                                    .contains("half.jar", "FakeProvider"))
                    .anySatisfy(r -> assertThat(r.origin() + r.reason()).contains("text.jar"))
                    .hasSize(6);
        }
    }

    @Test
    void anUnknownNameListsTheKnownOnesAndTheBrokenJars() throws IOException {
        Jars.offering(folder.resolve("good.jar"), FakeProvider.class);
        Jars.write(folder.resolve("missing.jar"), "com.example.Nowhere\n", List.of());
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThatThrownBy(() -> registry.named("fast"))
                    .hasMessageContaining("no attention backend 'fast'")
                    .hasMessageContaining("auto, fake")
                    .hasMessageContaining("missing.jar");
        }
    }

    @Test
    void aMissingFolderIsSaidInOneSentence() {
        assertThatThrownBy(() -> AttentionRegistry.discover(folder.resolve("none")))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("none' is not a folder")
                .hasMessageContaining("longspan.attention.plugins");
    }

    @Test
    void aBackendThatRefusesAfterAllIsPassedOverOrReported() throws IOException {
        Jars.offering(folder.resolve("a.jar"), FakeProvider.class);
        Workload thirteen = Workload.onCpu(AttentionPattern.symmetric(1, 1, 13), 13, Set.of());
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            AttentionSettings settings = AttentionSettings.defaults().withBackend("fake");
            assertThatThrownBy(() ->
                            AttentionBackends.open(
                                    registry, settings, List.of(thirteen), Device.CPU, 1))
                    .hasMessageContaining("cannot count to 13");
        }
    }

    @Test
    void optionsAreCheckedByNameAndValueBeforeAnythingIsMade() throws IOException {
        Jars.offering(folder.resolve("a.jar"), FakeProvider.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThatThrownBy(() -> open(registry, Map.of("fake", Map.of("tyle", "1"))))
                    .hasMessageContaining("no option 'tyle'; it has tile");
            assertThatThrownBy(() -> open(registry, Map.of("fake", Map.of("tile", "big"))))
                    .hasMessageContaining("is 'big'; allowed: a whole number");
            assertThatThrownBy(() -> open(registry, Map.of("fata", Map.of("tile", "1"))))
                    .hasMessageContaining("no attention backend 'fata'");
            open(registry, Map.of("fake", Map.of("tile", "1"))).close();
        }
    }

    @Test
    void aProviderThatThrowsWhenAskedIsReportedAsUnavailable() throws IOException {
        Jars.offering(folder.resolve("rude.jar"), FakeProvider.Rude.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            SelectionReport report =
                    AttentionBackends.report(registry, AttentionSettings.defaults(), List.of());
            assertThat(report.chosen()).isNull();
            assertThat(report.error()).contains("rude is unavailable", "FloatVector");
        }
    }

    @Test
    void aBackendThatCannotBeMadeIsAnErrorWhenNamedAndPassedOverWithAWarningWhenNot()
            throws IOException {
        Jars.offering(folder.resolve("stillborn.jar"), FakeProvider.Stillborn.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThatThrownBy(() -> open(registry, Map.of()))
                    .isInstanceOf(AttentionConfigurationException.class)
                    .hasMessageContaining(
                            "'fake' could not be made (java.lang.IllegalStateException: out of luck)");
        }
        Jars.offering(folder.resolve("other.jar"), FakeProvider.Other.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder);
                SelectedBackend backend =
                        AttentionBackends.open(
                                registry, AttentionSettings.defaults(), List.of(), Device.CPU, 1)) {
            assertThat(backend.name()).isEqualTo("other");
            assertThat(backend.report().warnings())
                    .singleElement()
                    .asString()
                    .contains("'fake' could not be made", "out of luck", "passed over");
        }
    }

    @Test
    void aBackendThatFailsWhenAskedWhatItSupportsIsClosedAgain() throws IOException {
        Jars.offering(folder.resolve("confused.jar"), FakeProvider.Confused.class);
        Workload any = Workload.onCpu(AttentionPattern.symmetric(1, 1, 8), 8, Set.of());
        System.clearProperty(FakeProvider.Confused.CLOSED);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            AttentionSettings settings = AttentionSettings.defaults().withBackend("fake");
            assertThatThrownBy(() ->
                            AttentionBackends.open(registry, settings, List.of(any), Device.CPU, 1))
                    .hasMessageContaining("what was the question");
        }
        assertThat(System.getProperty(FakeProvider.Confused.CLOSED)).isEqualTo("true");
    }

    @Test
    void aProviderThatDoesNotSayWhetherItCanRunIsUnavailableForThatReason() throws IOException {
        Jars.offering(folder.resolve("undecided.jar"), FakeProvider.Undecided.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            SelectionReport report =
                    AttentionBackends.report(registry, AttentionSettings.defaults(), List.of());
            assertThat(report.error()).contains("fake is unavailable", "it returned null");
        }
    }

    @Test
    void aProviderThatFailsWhenAskedAboutItselfIsRejected() throws IOException {
        Jars.offering(folder.resolve("speechless.jar"), FakeProvider.Speechless.class);
        try (AttentionRegistry registry = AttentionRegistry.discover(folder)) {
            assertThat(registry.names()).isEmpty();
            assertThat(registry.rejected())
                    .singleElement()
                    .satisfies(r ->
                            assertThat(r.origin() + r.reason())
                                    .contains(
                                            "speechless.jar",
                                            "failed when asked about itself",
                                            "no words"));
        }
    }

    private static SelectedBackend open(
            AttentionRegistry registry, Map<String, Map<String, String>> options) {
        AttentionSettings settings = new AttentionSettings("fake", Fallback.FAIL, options, null);
        return AttentionBackends.open(registry, settings, List.of(), Device.CPU, 1);
    }
}
