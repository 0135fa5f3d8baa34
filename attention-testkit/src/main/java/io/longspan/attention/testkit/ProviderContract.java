package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.Availability;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendName;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.OptionSpec;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a provider says of itself. These run where the backend is unavailable, too. */
interface ProviderContract extends ContractTopic {
    @Test
    default void nameFollowsTheRule() {
        assertThat(subject().provider().name()).matches(BackendName::isValid, "a valid name");
    }

    @Test
    default void versionAndSummaryAreNotBlank() {
        assertThat(subject().provider().version()).isNotBlank();
        assertThat(subject().provider().summary()).isNotBlank().doesNotContain("\n");
    }

    @Test
    default void spiLevelIsTheOneOfTheseSources() {
        assertThat(subject().provider().spiLevel()).isEqualTo(AttentionBackendProvider.SPI_LEVEL);
    }

    @Test
    default void priorityIsInRange() {
        assertThat(subject().provider().priority()).isBetween(0, 1000);
    }

    @Test
    default void declarationsDoNotChange() {
        AttentionBackendProvider provider = subject().provider();
        assertThat(provider.capabilities()).isEqualTo(provider.capabilities());
        assertThat(provider.options()).isEqualTo(provider.options());
        assertThat(provider.name()).isEqualTo(provider.name());
    }

    @Test
    default void optionNamesAreDistinctAndDescribed() {
        List<OptionSpec> options = subject().provider().options();
        assertThat(options).extracting(OptionSpec::name).doesNotHaveDuplicates();
        assertThat(options).allSatisfy(o -> assertThat(o.description()).isNotBlank());
    }

    @Test
    default void anUnknownOptionIsRefusedByName() {
        AttentionBackendProvider provider = subject().provider();
        Map<String, String> unknown = Map.of("no-such-option-of-any-backend", "1");
        assertThatThrownBy(() -> BackendOptions.of(provider.name(), provider.options(), unknown))
                .isInstanceOf(AttentionConfigurationException.class)
                .hasMessageContaining("no-such-option-of-any-backend");
    }

    @Test
    default void availabilityDoesNotThrowAndExplainsItself() {
        switch (subject().provider().availability()) {
            case Availability.Available(String detail) -> assertThat(detail).isNotBlank();
            case Availability.Unavailable(String reason, String hint) -> {
                assertThat(reason).isNotBlank();
                assertThat(hint).isNotBlank();
            }
        }
    }

    @Test
    default void anExpectedBackendIsAvailable() {
        assumeTrue(subject().isExpected(), "testkit.expect does not name it");
        assertThat(subject().provider().availability()).isInstanceOf(Availability.Available.class);
    }

    @Test
    default void anUnavailableBackendIsNotMade() {
        AttentionBackendProvider provider = subject().provider();
        assumeTrue(provider.availability() instanceof Availability.Unavailable, "it is available");
        BackendOptions defaults = BackendOptions.of(provider.name(), provider.options(), Map.of());
        assertThatThrownBy(() -> provider.create(new BackendContext(defaults, Device.CPU, 1)))
                .isInstanceOf(AttentionConfigurationException.class);
    }

    @Test
    default void tolerancesAreNoLooserThanTheKits() {
        assertThat(subject().tolerances())
                .matches(t -> t.areWithin(Tolerances.fp32()), "within the kit's tolerances");
    }
}
