package io.longspan.admin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.admin.AdminInputException;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.user.ConsoleUser;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminAccessTest {
    @Test
    void theFirstStartMakesAPasswordUpAndTheConfiguredOneReplacesIt(@TempDir Path folder) {
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            InitialPassword first = AdminAccess.prepare(store, Optional.empty());
            assertThat(opens(store, first.value().orElseThrow())).isTrue();
            assertThat(first.toString()).doesNotContain(first.value().orElseThrow());
            assertThat(stored(store).role()).isEqualTo("ADMIN");
            assertThat(stored(store).passwordHash()).startsWith("{argon2").contains("$argon2id$");

            assertThat(AdminAccess.prepare(store, Optional.empty()).value()).isEmpty();
            assertThat(opens(store, first.value().orElseThrow())).isTrue();

            assertThat(AdminAccess.prepare(store, Optional.of("a new password")).value()).isEmpty();
            assertThat(opens(store, "a new password")).isTrue();
            assertThat(opens(store, first.value().orElseThrow())).isFalse();

            String hash = stored(store).passwordHash();
            AdminAccess.prepare(store, Optional.of("a new password"));
            assertThat(stored(store).passwordHash()).as("left as it is").isEqualTo(hash);

            for (String bad : new String[] {"", "short", "        ", "é".repeat(501)}) {
                assertThatThrownBy(() -> AdminAccess.prepare(store, Optional.of(bad)))
                        .isInstanceOf(AdminInputException.class)
                        .hasMessageContaining("'longspan.admin.password'")
                        .hasMessageContaining("at least 8");
            }
            assertThat(opens(store, "a new password")).isTrue();
        }
    }

    @Test
    void madeUpPasswordsAreReadableAndNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String password = ReadablePassword.random();
            assertThat(password).matches("([0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{6}");
            assertThat(seen.add(password)).isTrue();
        }
    }

    private static boolean opens(Store store, String password) {
        return AdminAccess.encoder().matches(password, stored(store).passwordHash());
    }

    private static ConsoleUser stored(Store store) {
        return store.users().find("admin").orElseThrow();
    }
}
