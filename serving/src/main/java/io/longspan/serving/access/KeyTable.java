package io.longspan.serving.access;

import io.longspan.store.key.ApiKeyRow;
import io.longspan.store.key.ApiKeys;
import java.util.Optional;
import java.util.Set;

/**
 * Where keys are kept. Every method throws {@link org.springframework.dao.DataAccessException} when
 * it cannot be asked.
 */
interface KeyTable {
    /** The key of a secret, if it opens anything now. */
    Optional<ApiKeyRow> check(String secret);

    /** Which of some keys, at least one, still open something. */
    Set<Long> open(Set<Long> ids);

    /** Notes that a key was used. */
    void used(long id);

    /** That of the database. */
    static KeyTable of(ApiKeys keys) {
        return new KeyTable() {
            @Override
            public Optional<ApiKeyRow> check(String secret) {
                return keys.check(secret);
            }

            @Override
            public Set<Long> open(Set<Long> ids) {
                return keys.open(ids);
            }

            @Override
            public void used(long id) {
                keys.used(id);
            }
        };
    }
}
