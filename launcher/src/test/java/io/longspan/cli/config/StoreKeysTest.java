package io.longspan.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.store.StoreSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StoreKeysTest {
    private static final Path STATE = Path.of("state");

    @Test
    void withoutAUrlTheWorkingFolderHasAServerOfItsOwn() {
        assertThat(read(Map.of())).isEqualTo(new StoreSettings.Embedded(STATE.resolve("postgres")));
    }

    @Test
    void aUrlNamesAServer() {
        assertThat(
                        read(
                                Map.of(
                                        "longspan.store.url",
                                        "jdbc:postgresql://db/longspan",
                                        "longspan.store.user",
                                        "u",
                                        "longspan.store.password",
                                        "secret")))
                .isEqualTo(
                        new StoreSettings.External("jdbc:postgresql://db/longspan", "u", "secret"))
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void aLoginWithoutAUrlAndAnotherDatabaseAreRefused() {
        assertThatThrownBy(() -> read(Map.of("longspan.store.user", "u")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("without longspan.store.url");
        assertThatThrownBy(() -> read(Map.of("longspan.store.url", "jdbc:h2:mem:x")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("jdbc:postgresql:");
    }

    private static StoreSettings read(Map<String, String> values) {
        return StoreKeys.read(new Configuration(values), STATE);
    }
}
