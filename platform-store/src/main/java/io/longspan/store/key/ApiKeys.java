package io.longspan.store.key;

import io.longspan.store.Rows;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of keys. Thread-safe. */
public final class ApiKeys {
    /**
     * What a key may open: running models, reading the log, loading and unloading models, reading
     * and deleting what callers sent.
     */
    public static final SortedSet<String> SCOPES =
            java.util.Collections.unmodifiableSortedSet(
                    new TreeSet<>(Set.of("infer", "stats", "models", "payloads")));

    private static final String NOBODY = "anonymous";
    private static final String MARK = "ls_";
    private static final int PREFIX_BYTES = 5;
    private static final int SECRET_BYTES = 32;

    private final JdbcClient jdbc;
    private final SecureRandom random = new SecureRandom();

    /** Over an open database. */
    public ApiKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A key that was just made.
     *
     * @param row without the secret
     * @param secret the whole key; kept nowhere
     */
    public record Made(ApiKeyRow row, String secret) {
        @Override
        public String toString() {
            return "api_key " + row.prefix();
        }
    }

    /**
     * Makes a key.
     *
     * @param name for people, and what the log calls the caller; a key that takes the place of
     *     another may have its name. Not {@code anonymous}, as those without a key are called
     * @param scopes at least one of {@link #SCOPES}
     * @param expiresAt from when on it opens nothing; empty for never
     * @throws IllegalArgumentException when name or scopes are not as said
     */
    public Made create(String name, Set<String> scopes, Optional<Instant> expiresAt, String by) {
        if (scopes.isEmpty() || !SCOPES.containsAll(scopes)) {
            throw new IllegalArgumentException(
                    "the scopes of key '"
                            + name
                            + "' are "
                            + scopes
                            + "; give at least one of "
                            + SCOPES);
        }
        if (name.strip().equals(NOBODY)) {
            throw new IllegalArgumentException(
                    "a key cannot be called '"
                            + NOBODY
                            + "', as callers without a key are; give it another name");
        }
        byte[] prefix = new byte[PREFIX_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(prefix);
        random.nextBytes(secret);
        String shown = HexFormat.of().formatHex(prefix);
        String whole =
                MARK + shown + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        ApiKeyRow row =
                jdbc.sql(
                                """
                                insert into api_key (name, prefix, secret_hash, scopes, created_by, expires_at)
                                values (:name, :prefix, :hash, string_to_array(:scopes, ','), :by, :expires)
                                returning *
                                """)
                        .param("name", Rows.text(name))
                        .param("prefix", shown)
                        .param("hash", hash(whole))
                        .param("scopes", String.join(",", new TreeSet<>(scopes)))
                        .param("by", by)
                        .param("expires", Rows.orNull(expiresAt.map(Rows::parameter)))
                        .query(ApiKeys::row)
                        .single();
        return new Made(row, whole);
    }

    /**
     * Who a key is, if it opens anything now.
     *
     * @param whole the key as it was made
     */
    public Optional<ApiKeyRow> check(String whole) {
        int end = whole.indexOf('_', MARK.length());
        if (!whole.startsWith(MARK) || end < 0) {
            return Optional.empty();
        }
        return jdbc.sql(
                        """
                        select * from api_key where prefix = :prefix and secret_hash = :hash and revoked_at is null
                          and (expires_at is null or expires_at > now())
                        """)
                .param("prefix", Rows.text(whole.substring(MARK.length(), end)))
                .param("hash", hash(whole))
                .query(ApiKeys::row)
                .optional();
    }

    /**
     * Which of some keys still open something.
     *
     * @param ids at least one
     */
    public Set<Long> open(Set<Long> ids) {
        return Set.copyOf(
                jdbc.sql(
                                """
                                select id from api_key where id in (:ids) and revoked_at is null
                                  and (expires_at is null or expires_at > now())
                                """)
                        .param("ids", ids)
                        .query(Long.class)
                        .list());
    }

    /** Notes that a key was used; more often than once a minute changes nothing. */
    public void used(long id) {
        jdbc.sql(
                        """
                        update api_key set last_used_at = now()
                        where id = :id and (last_used_at is null or last_used_at < now() - interval '1 minute')
                        """)
                .param("id", id)
                .update();
    }

    /** Makes a key open nothing from now on; false when it was revoked before, or is not there. */
    public boolean revoke(long id, String by) {
        return jdbc.sql(
                                "update api_key set revoked_at = now(), revoked_by = :by where id = :id and revoked_at is null")
                        .param("id", id)
                        .param("by", by)
                        .update()
                == 1;
    }

    /** One of them. */
    public Optional<ApiKeyRow> find(long id) {
        return jdbc.sql("select * from api_key where id = :id")
                .param("id", id)
                .query(ApiKeys::row)
                .optional();
    }

    /** The newest keys, newest first. */
    public List<ApiKeyRow> list(int limit) {
        return jdbc.sql("select * from api_key order by id desc limit :limit")
                .param("limit", limit)
                .query(ApiKeys::row)
                .list();
    }

    private static String hash(String whole) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(whole.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ApiKeyRow row(ResultSet row, int number) throws SQLException {
        return new ApiKeyRow(
                row.getLong("id"),
                row.getString("name"),
                row.getString("prefix"),
                List.of((String[]) row.getArray("scopes").getArray()),
                row.getString("created_by"),
                Rows.time(row, "created_at"),
                Rows.optionalTime(row, "expires_at"),
                Rows.optionalTime(row, "revoked_at"),
                Rows.optionalText(row, "revoked_by"),
                Rows.optionalTime(row, "last_used_at"));
    }
}
