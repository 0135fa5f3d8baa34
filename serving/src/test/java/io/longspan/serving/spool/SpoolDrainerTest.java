package io.longspan.serving.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.inference.InferenceEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;

final class SpoolDrainerTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir Path root;

    private static InferenceEntry row(int number) {
        return InferenceEntry.of(SpoolTest.row(number));
    }

    private final List<InferenceEntry> database = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aFlushWaitsUntilEveryAppendedRowIsThere() {
        try (Spool spool = Spool.open(root, 1 << 20);
                SpoolDrainer drainer = SpoolDrainer.start(spool, database::addAll)) {
            for (int i = 0; i < 50; i++) {
                spool.append(row(i));
                assertThat(drainer.flush(LONG)).isTrue();
                assertThat(database).hasSize(i + 1).endsWith(row(i));
            }
        }
    }

    @Test
    void rowsWaitWhileTheDatabaseIsAwayAndArriveOnceWhenItIsBack() {
        AtomicBoolean away = new AtomicBoolean(true);
        try (Spool spool = Spool.open(root, 1 << 20);
                SpoolDrainer drainer =
                        SpoolDrainer.start(
                                spool,
                                rows -> {
                                    if (away.get()) {
                                        throw new DataAccessResourceFailureException("away");
                                    }
                                    database.addAll(rows);
                                })) {
            for (int i = 0; i < 20; i++) {
                spool.append(row(i));
            }
            assertThat(drainer.flush(Duration.ofMillis(200))).isFalse();
            away.set(false);
            assertThat(drainer.flush(LONG)).isTrue();
            assertThat(database).hasSize(20).doesNotHaveDuplicates();
        }
    }

    @Test
    void aRowThatTheDatabaseRefusesHoldsUpNoOther() {
        try (Spool spool = Spool.open(root, 1 << 20);
                SpoolDrainer drainer =
                        SpoolDrainer.start(
                                spool,
                                rows -> {
                                    if (rows.contains(row(3))) {
                                        throw new DataIntegrityViolationException("no");
                                    }
                                    database.addAll(rows);
                                })) {
            for (int i = 0; i < 6; i++) {
                spool.append(row(i));
            }
            assertThat(drainer.flush(LONG)).isTrue();
            assertThat(database).containsExactly(row(0), row(1), row(2), row(4), row(5));
        }
    }
}
