package io.longspan.serving.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.serving.ServingException;
import io.longspan.serving.access.AccessSettings.Auth;
import io.longspan.serving.access.AccessSettings.Limits;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class KeyMeterTest {
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private long now = Long.MAX_VALUE - 5;

    @Test
    void callsAreSavedUpForAMinuteAndNoLonger() {
        KeyMeter meter = meter(6, 0, 0);
        pass(Duration.ofHours(1));
        for (int i = 0; i < 6; i++) {
            meter.begin();
        }
        assertThat(pushback(meter::begin, "6 calls a minute")).isEqualTo(10_000);
        pass(Duration.ofSeconds(9));
        assertThat(pushback(meter::begin, "6 calls a minute")).isBetween(999L, 1_001L);
        pass(Duration.ofSeconds(2));
        meter.begin();
        pushback(meter::begin, "6 calls a minute");
    }

    @Test
    void asManyCallsRunAtOnceAsMayAndOneMoreWhenOneEnds() {
        KeyMeter meter = meter(0, 2, 0);
        meter.begin();
        meter.begin();
        pushback(meter::begin, "2 calls at the same time");
        meter.end();
        meter.begin();
        pushback(meter::begin, "2 calls at the same time");
    }

    @Test
    void aTextOfAnyLengthGetsThroughAndIsPaidForAfterwards() {
        KeyMeter meter = meter(0, 0, 600);
        meter.spend(599);
        meter.spend(1201);
        // 1,200 too many, at ten a second, and one to begin with.
        assertThat(pushback(() -> meter.spend(1), "600 tokens a minute")).isEqualTo(30_000);
        pass(Duration.ofMinutes(2));
        pushback(() -> meter.spend(1), "600 tokens a minute");
        pass(Duration.ofMillis(101));
        meter.spend(1);
    }

    @Test
    void withoutLimitsNobodyWaits() {
        KeyMeter meter = meter(0, 0, 0);
        for (int i = 0; i < 10_000; i++) {
            meter.begin();
            meter.spend(1_000_000);
        }
    }

    @Test
    void whatIsNoLimitAndNoModeIsRefused() {
        assertThatThrownBy(() -> new Limits(0, -1, 0)).isInstanceOf(ServingException.class);
        assertThat(Auth.of("k", "keys")).isEqualTo(Auth.KEYS);
        assertThatThrownBy(() -> Auth.of("longspan.serve.auth", "off"))
                .isInstanceOf(ServingException.class)
                .hasMessage("longspan.serve.auth is 'off'; it must be one of auto, keys, none");
    }

    @Test
    void onlyWhatIsCertainlyLoopbackIs() {
        for (String own : new String[] {"127.0.0.1", "127.8.9.1", "::1", "localhost"}) {
            assertThat(AccessConfiguration.isLoopback(own)).as(own).isTrue();
        }
        for (String open :
                new String[] {"0.0.0.0", "::", "*", "", "10.0.0.1", "no.such.host.invalid"}) {
            assertThat(AccessConfiguration.isLoopback(open)).as(open).isFalse();
        }
    }

    private KeyMeter meter(int calls, int concurrent, int tokens) {
        return new KeyMeter("app", new Limits(calls, concurrent, tokens), () -> now);
    }

    private static long pushback(ThrowingCallable call, String limit) {
        StatusRuntimeException[] refused = new StatusRuntimeException[1];
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> refused[0] = e);
        assertThat(refused[0].getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused[0].getStatus().getDescription()).contains("'app'").contains(limit);
        return Long.parseLong(String.valueOf(refused[0].getTrailers().get(PUSHBACK)));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
