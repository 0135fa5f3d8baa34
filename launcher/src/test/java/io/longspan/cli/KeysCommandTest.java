package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import io.longspan.store.audit.AuditRow;
import io.longspan.store.key.ApiKeyRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class KeysCommandTest {
    @TempDir static Path folder;

    private static Store store;

    @BeforeAll
    static void start() {
        store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")));
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void aKeyIsShownOnceOpensWhatItWasMadeForAndIsRevoked() {
        Cli made = keys("create", " billing ", "--scope", "infer,stats", "--days", 90, "--json");
        assertThat(made.code()).as(made.err()).isZero();
        JsonNode json = made.json();
        String secret = json.get("key").asString();
        ApiKeyRow row = store.apiKeys().check(secret).orElseThrow();
        assertThat(row.name()).isEqualTo("billing");
        assertThat(row.scopes()).containsExactly("infer", "stats");
        assertThat(row.createdBy()).isEqualTo(System.getProperty("user.name"));
        assertThat(Duration.between(Instant.now(), row.expiresAt().orElseThrow()))
                .isBetween(Duration.ofDays(89), Duration.ofDays(90));
        assertThat(made.err()).contains("shown this once").doesNotContain(secret);

        Cli listed = keys("list");
        assertThat(listed.out()).contains("'billing'", row.prefix(), "infer,stats", "ACTIVE");
        assertThat(listed.out() + keys("list", "--json").out()).doesNotContain(secret);

        assertThat(keys("revoke", row.id()).out()).contains("'billing' is revoked");
        assertThat(store.apiKeys().check(secret)).isEmpty();
        assertThat(keys("revoke", row.id(), "--json").json().get("revoked").asBoolean()).isFalse();
        assertThat(keys("list").out()).contains("REVOKED");
        List<AuditRow> deeds =
                store.audit().list(100).stream()
                        .filter(d -> d.subject().equals("api_key " + row.prefix()))
                        .toList();
        assertThat(deeds).extracting(AuditRow::action).containsExactly("key.revoke", "key.create");
        assertThat(deeds.toString()).doesNotContain(secret);
    }

    @Test
    void withoutJsonTheKeyIsAllThatStandsOnStandardOutput() {
        Cli made = keys("create", "plain", "--scope", "models", "--scope", "infer");
        assertThat(made.code()).as(made.err()).isZero();
        ApiKeyRow row = store.apiKeys().check(made.out().strip()).orElseThrow();
        assertThat(row.scopes()).containsExactly("infer", "models");
        assertThat(row.expiresAt()).isEmpty();
    }

    @Test
    void whatCannotBeIsRefusedAndMakesNothing() {
        int before = store.apiKeys().list(1000).size();
        for (Cli bad :
                List.of(
                        keys("create", "x"),
                        keys("create", "x", "--scope", "everything"),
                        keys("create", " ", "--scope", "infer"),
                        keys("create", "x".repeat(101), "--scope", "infer"),
                        keys("create", "anonymous", "--scope", "infer"),
                        keys("create", "x", "--scope", "infer", "--days", 0),
                        keys("revoke", 4711))) {
            assertThat(bad.code()).as(bad.err()).isEqualTo(2);
            assertThat(bad.err()).startsWith("longspan: ").doesNotContain("\tat ");
        }
        assertThat(store.apiKeys().list(1000)).hasSize(before);
    }

    private static Cli keys(Object... arguments) {
        Object[] all = new Object[arguments.length + 7];
        all[0] = "keys";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        StoreSettings.External address = store.address();
        Object[] where = {
            "--set",
            "longspan.store.url=" + address.url(),
            "--set",
            "longspan.store.user=" + address.user(),
            "--set",
            "longspan.store.password=" + address.password()
        };
        System.arraycopy(where, 0, all, arguments.length + 1, where.length);
        return Cli.run(all);
    }
}
