package io.longspan.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LoginThrottleTest {
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    private final LoginThrottle throttle = new LoginThrottle(now::get, 3);

    @Test
    void theSixthAttemptWaitsEvenWhenNoneOfTheFiveHasEndedYet() {
        fail(5, "ada");
        assertThat(throttle.begin("ada", "a")).contains(Duration.ofSeconds(10));
        assertThat(throttle.begin("ada", "b")).isEmpty();
        assertThat(throttle.begin("bob", "a")).isEmpty();
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToAQuarterOfAnHour() {
        fail(5, "ada");
        for (long seconds : new long[] {10, 20, 40, 80, 160, 320, 640, 900, 900}) {
            assertThat(throttle.begin("ada", "a")).contains(Duration.ofSeconds(seconds));
            pass(Duration.ofSeconds(seconds));
            assertThat(throttle.begin("ada", "a")).isEmpty();
        }
    }

    @Test
    void anAttemptDuringTheWaitDoesNotLengthenIt() {
        fail(5, "ada");
        pass(Duration.ofSeconds(9));
        assertThat(throttle.begin("ada", "a")).contains(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(throttle.begin("ada", "a")).isEmpty();
    }

    @Test
    void theRightPasswordForgetsTheFailures() {
        fail(4, "ada");
        throttle.passed("ada", "a");
        fail(5, "ada");
    }

    @Test
    void anAttemptThatCouldNotBeDecidedDoesNotCount() {
        for (int i = 0; i < 20; i++) {
            assertThat(throttle.begin("ada", "a")).isEmpty();
            throttle.undecided("ada", "a");
        }
        fail(4, "ada");
        assertThat(throttle.begin("ada", "a")).isEmpty();
        throttle.undecided("ada", "a");
        assertThat(throttle.begin("ada", "a")).isEmpty();
    }

    @Test
    void anHourWithoutAFailureForgetsThem() {
        fail(5, "ada");
        pass(Duration.ofMinutes(61));
        fail(5, "ada");
    }

    @Test
    void memoryIsBoundedAndLongNamesShareIt() {
        fail(5, "ada");
        for (int i = 0; i < 3; i++) {
            throttle.begin("other" + i, "a");
        }
        assertThat(throttle.begin("ada", "a")).as("forgotten, the map holds three").isEmpty();
        fail(5, "x".repeat(500) + "1");
        assertThat(throttle.begin("x".repeat(500) + "2", "a")).isPresent();
    }

    private void fail(int times, String name) {
        for (int i = 0; i < times; i++) {
            assertThat(throttle.begin(name, "a")).isEmpty();
        }
    }

    private void pass(Duration time) {
        now.updateAndGet(t -> t.plus(time));
    }
}
