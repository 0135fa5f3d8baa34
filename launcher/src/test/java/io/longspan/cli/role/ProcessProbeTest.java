package io.longspan.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.admin.backends.BackendProbe;
import io.longspan.attention.TokenRole;
import io.longspan.attention.registry.AttentionSettings;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ProcessProbeTest {
    @Test
    void everyBackendOfThisMachineAnswersRight() {
        try (BackendChooser chooser = new BackendChooser(AttentionSettings.defaults())) {
            ProcessProbe probe = new ProcessProbe(chooser);
            assertThat(probe.backends()).contains("loop", "chunks", "fused");
            for (String backend : probe.backends()) {
                BackendProbe.Found found = probe.probe(backend, () -> {});
                assertThat(found.wrong()).as(backend).isEmpty();
                assertThat(found.right() + found.refused().size())
                        .as(backend)
                        .isEqualTo(SelfTestCase.all().size());
                assertThat(found.right()).as(backend).isGreaterThanOrEqualTo(4);
                assertThat(found.worst()).as(backend).isBetween(1e-9, 1e-5);
                assertThat(found.medianMillis())
                        .as(backend)
                        .isBetween(found.minMillis(), found.maxMillis());
                assertThat(found.minMillis()).as(backend).isPositive();
                assertThat(found.state()).isEqualTo("DONE");
            }
        }
    }

    /** Seven cases, the timed layer, its warming run and three runs: each may be the last. */
    @Test
    void aTestEndsBetweenCasesAndBetweenRuns() {
        try (BackendChooser chooser = new BackendChooser(AttentionSettings.defaults())) {
            ProcessProbe probe = new ProcessProbe(chooser);
            int looks = SelfTestCase.all().size() + 5;
            for (int last : new int[] {1, 4, SelfTestCase.all().size() + 3, looks}) {
                AtomicInteger asked = new AtomicInteger();
                assertThatThrownBy(() ->
                                probe.probe(
                                        "fused",
                                        () -> {
                                            if (asked.incrementAndGet() == last) {
                                                throw new CancellationException("over");
                                            }
                                        }))
                        .isInstanceOf(CancellationException.class);
                assertThat(asked).hasValue(last);
            }
            AtomicInteger asked = new AtomicInteger();
            probe.probe("fused", asked::incrementAndGet);
            assertThat(asked).hasValue(looks);
        }
    }

    /** A test that could not tell a wrong answer would be none. */
    @Test
    void oneWrongNumberIsSeen() {
        for (SelfTestCase asked : SelfTestCase.all()) {
            float[] query = asked.tensor(1);
            float[] key = asked.tensor(2);
            float[] value = asked.tensor(3);
            float[] nothing = new float[value.length];
            assertThat(asked.error(query, key, value, nothing)).as(asked.name()).isGreaterThan(0.1);
            nothing[local(asked) * asked.pattern().heads() * SelfTestCase.HEAD_SIZE] = Float.NaN;
            assertThat(asked.error(query, key, value, nothing))
                    .as(asked.name())
                    .isEqualTo(Double.POSITIVE_INFINITY);
        }
    }

    private static int local(SelfTestCase asked) {
        int token = 0;
        while (asked.layout().role(token) != TokenRole.LOCAL) {
            token++;
        }
        return token;
    }
}
