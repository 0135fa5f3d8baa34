package io.longspan.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FormatTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:15:30.987Z");

    private final Format format = new Format(NOW);

    @ParameterizedTest
    @CsvSource({
        "-5, now",
        "0, now",
        "1, now",
        "2, 2 s ago",
        "59, 59 s ago",
        "60, 1 min ago",
        "3599, 59 min ago",
        "3600, 1 h 0 min ago",
        "86399, 23 h 59 min ago",
        "86400, 1 d 0 h ago",
        "200000, 2 d 7 h ago"
    })
    void timesAreToldFromNow(long seconds, String said) {
        assertThat(format.ago(NOW.minusSeconds(seconds))).isEqualTo(said);
    }

    @Test
    void timesAreUtcToTheSecond() {
        assertThat(format.utc(NOW)).isEqualTo("2026-11-23T10:15:30Z");
        assertThat(format.since(NOW.plusSeconds(3))).isEqualTo("0 s");
        assertThat(format.between(NOW, Optional.of(NOW.plus(Duration.ofMinutes(75)))))
                .isEqualTo("1 h 15 min");
        assertThat(format.between(NOW.minusSeconds(61), Optional.empty())).isEqualTo("1 min");
    }

    @Test
    void numbersAreGroupedAndRoundedTheSameEverywhere() {
        assertThat(format.number(1_105_264_713)).isEqualTo("1,105,264,713");
        assertThat(format.millis(1_234_567_890)).isEqualTo("1,234.6");
        assertThat(format.loss(Optional.of(6.44876))).isEqualTo("6.4488");
        assertThat(format.loss(Optional.empty())).isEqualTo("–");
        assertThat(format.loss(Optional.of(Double.NaN))).isEqualTo("NaN");
    }

    @Test
    void perCentIsOneHundredOnlyAtTheEnd() {
        assertThat(format.percent(999, 1000)).isEqualTo("99 %");
        assertThat(format.percent(1000, 1000)).isEqualTo("100 %");
        assertThat(format.percent(1001, 1000)).isEqualTo("100 %");
        assertThat(format.percent(3, 0)).isEqualTo("–");
        assertThat(format.percent(Long.MAX_VALUE / 2, Long.MAX_VALUE)).isIn("49 %", "50 %");
    }

    @Test
    void aMethodIsNamedWithoutItsService() {
        assertThat(format.method("longspan.v1.Inference/Embed")).isEqualTo("Embed");
        assertThat(format.method("odd")).isEqualTo("odd");
    }
}
