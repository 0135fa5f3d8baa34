package io.longspan.serving.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.store.key.ApiKeyRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

final class KnownKeysTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Rows table = new Rows();
    private Duration passed = Duration.ZERO;
    private final KnownKeys keys =
            new KnownKeys(table, () -> Long.MAX_VALUE + passed.toNanos(), () -> START.plus(passed));

    @Test
    void aKeyIsAskedForOnceHoweverOftenItComes() {
        table.add("one", Optional.empty());
        for (int i = 0; i < 100; i++) {
            assertThat(keys.find("one").orElseThrow().name()).isEqualTo("one");
        }
        assertThat(table.asked).containsExactly("one");
    }

    @Test
    void aRevokedKeyIsRefusedFromTheNextRoundOn() {
        table.add("one", Optional.empty());
        table.add("two", Optional.empty());
        assertThat(keys.find("one")).isPresent();
        assertThat(keys.find("two")).isPresent();
        table.rows.remove("one");
        keys.confirm();
        assertThat(keys.find("one")).isEmpty();
        assertThat(keys.find("two")).isPresent();
        assertThat(table.asked).containsExactly("one", "two");
    }

    @Test
    void aRefusedKeyIsAskedForAgainAfterSomeSeconds() {
        assertThat(keys.find("late")).isEmpty();
        assertThat(keys.find("late")).isEmpty();
        assertThat(table.asked).containsExactly("late");
        table.add("late", Optional.empty());
        pass(KnownKeys.REFUSED);
        assertThat(keys.find("late")).isPresent();
    }

    @Test
    void aKnownKeyOutlivesTheDatabaseForAWhileAndAnUnknownOneIsUnavailable() {
        table.add("one", Optional.empty());
        table.add("two", Optional.empty());
        assertThat(keys.find("one")).isPresent();
        table.away = true;
        keys.confirm();
        assertUnavailable("two");
        assertThat(table.asked).as("nobody asks while the database rests").containsExactly("one");
        pass(KnownKeys.REST);
        assertUnavailable("two");
        assertThat(table.asked).containsExactly("one", "two");
        for (int minute = 0; minute < KnownKeys.GRACE.toMinutes() - 1; minute++) {
            pass(Duration.ofMinutes(1));
            keys.confirm();
            assertThat(keys.find("one")).as("minute %d", minute).isPresent();
        }
        pass(Duration.ofMinutes(1));
        keys.confirm();
        assertUnavailable("one");
        table.away = false;
        pass(KnownKeys.REST);
        assertThat(keys.find("one")).isPresent();
        assertThat(keys.find("two")).isPresent();
    }

    @Test
    void aKeyEndsAtItsTimeWhateverTheDatabaseSaysOrDoesNot() {
        table.add("short", Optional.of(START.plusSeconds(60)));
        assertThat(keys.find("short")).isPresent();
        table.away = true;
        pass(Duration.ofSeconds(59));
        assertThat(keys.find("short")).isPresent();
        pass(Duration.ofSeconds(1));
        assertThat(keys.find("short")).isEmpty();
    }

    @Test
    void usesAreNotedOnceAMinute() {
        table.add("one", Optional.empty());
        assertThat(keys.find("one")).isPresent();
        for (int second = 0; second < 120; second += 2) {
            assertThat(keys.find("one")).isPresent();
            keys.confirm();
            pass(Duration.ofSeconds(2));
        }
        assertThat(table.used).hasSize(2);
    }

    @Test
    void whatIsNotUsedIsForgotten() {
        table.add("one", Optional.empty());
        assertThat(keys.find("one")).isPresent();
        pass(KnownKeys.IDLE.plusSeconds(1));
        keys.confirm();
        assertThat(table.rounds).isZero();
        assertThat(keys.find("one")).isPresent();
        assertThat(table.asked).containsExactly("one", "one");
    }

    private void assertUnavailable(String secret) {
        assertThatThrownBy(() -> keys.find(secret))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e ->
                                assertThat(e.getStatus().getCode())
                                        .isEqualTo(Status.Code.UNAVAILABLE));
    }

    private void pass(Duration time) {
        passed = passed.plus(time);
    }

    private static final class Rows implements KeyTable {
        private final Map<String, ApiKeyRow> rows = new HashMap<>();
        private final List<String> asked = new ArrayList<>();
        private final List<Long> used = new ArrayList<>();
        private int rounds;
        private boolean away;

        void add(String secret, Optional<Instant> end) {
            rows.put(
                    secret,
                    new ApiKeyRow(
                            rows.size() + 1,
                            secret,
                            "prefix",
                            List.of("infer"),
                            "test",
                            START,
                            end,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }

        @Override
        public Optional<ApiKeyRow> check(String secret) {
            asked.add(secret);
            reach();
            return Optional.ofNullable(rows.get(secret));
        }

        @Override
        public Set<Long> open(Set<Long> ids) {
            assertThat(ids).isNotEmpty();
            rounds++;
            reach();
            return rows.values().stream()
                    .map(ApiKeyRow::id)
                    .filter(ids::contains)
                    .collect(Collectors.toSet());
        }

        @Override
        public void used(long id) {
            used.add(id);
        }

        private void reach() {
            if (away) {
                throw new DataAccessResourceFailureException("the test has cut the wire");
            }
        }
    }
}
