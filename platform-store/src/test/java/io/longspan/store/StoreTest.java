package io.longspan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.work.WorkKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
    @Test
    void aSubmittedRequestIsTakenOnce(@TempDir Path folder) {
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            long id = store.work().submit(WorkKind.INGEST, "books", "{}", "test");
            assertThat(store.work().take("w1", Set.of(WorkKind.INGEST), Duration.ofMinutes(1)))
                    .get()
                    .extracting(w -> w.id())
                    .isEqualTo(id);
            assertThat(store.work().take("w2", Set.of(WorkKind.INGEST), Duration.ofMinutes(1)))
                    .isEmpty();
        }
    }
}
