package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.testkit.AttentionBackendContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole contract once more, over everything that the distribution would find: a backend that
 * was left out of a service file, or that changes when it runs beside the others, shows here.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("names")
final class EveryBackendContractTest extends AttentionBackendContract {
    private final String name;

    EveryBackendContractTest(String name) {
        this.name = name;
    }

    static List<String> names() {
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            return registry.names();
        }
    }

    @Override
    protected AttentionBackendProvider provider() {
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            return registry.named(name).provider();
        }
    }

    @Test
    void everyBackendThatTheBuildExpectsWasFound() {
        assertThat(names()).contains(System.getProperty("testkit.expect").split(","));
    }
}
