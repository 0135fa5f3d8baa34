package io.longspan.cli;

import io.longspan.cli.role.Json;
import io.longspan.cli.term.Printable;
import io.longspan.cli.term.Table;
import io.longspan.store.key.ApiKeyRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys, for people and for machines; never their secrets. */
final class KeyView {
    private KeyView() {}

    static Map<String, Object> json(ApiKeyRow key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", key.id());
        json.put("name", key.name());
        json.put("prefix", key.prefix());
        json.put("scopes", key.scopes());
        json.put("state", key.state(Instant.now()));
        json.put("created", key.createdAt());
        json.put("createdBy", key.createdBy());
        json.put("expires", key.expiresAt().orElse(null));
        json.put("revoked", key.revokedAt().orElse(null));
        json.put("revokedBy", key.revokedBy().orElse(null));
        json.put("lastUsed", key.lastUsedAt().orElse(null));
        return json;
    }

    static String table(List<ApiKeyRow> keys) {
        if (keys.isEmpty()) {
            return "there is no key; 'longspan keys create' makes one";
        }
        Instant now = Instant.now();
        Table table = new Table("key", "name", "prefix", "opens", "state", "expires", "last used");
        for (ApiKeyRow key : keys) {
            table.row(
                    Long.toString(key.id()),
                    Printable.quoted(key.name()),
                    key.prefix(),
                    String.join(",", key.scopes()),
                    key.state(now),
                    shown(key.expiresAt(), "never"),
                    shown(key.lastUsedAt(), "never"));
        }
        return table.toString();
    }

    /** What the audit says of a key that is made or revoked. */
    static String detail(ApiKeyRow key) {
        return Json.text(Map.of("name", key.name(), "scopes", key.scopes()));
    }

    private static String shown(Optional<Instant> time, String otherwise) {
        return time.map(t -> t.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(otherwise);
    }
}
