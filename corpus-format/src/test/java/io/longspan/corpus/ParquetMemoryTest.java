package io.longspan.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ParquetMemoryTest {
    @TempDir private Path folder;

    @Test
    void whoFindsTooLittleWaitsUntilOthersHaveGivenBack() throws Exception {
        ParquetMemory memory = new ParquetMemory(600);
        ParquetMemory.Share first = memory.take(400L << 20);
        try (ExecutorService others = Executors.newSingleThreadExecutor()) {
            Future<ParquetMemory.Share> second = others.submit(() -> memory.take(5000L << 20));
            assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThat(first.limit()).isEqualTo("600MiB");
            first.close();
            first.close();
            // One that wants more than there is gets all of it.
            assertThat(second.get().limit()).isEqualTo("600MiB");
            assertThat(memory.free()).isZero();
            second.get().close();
        }
        assertThat(memory.free()).isEqualTo(600);
    }

    @Test
    void aShareComesBackWithItsReader() throws Exception {
        Path file = folder.resolve("a.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "copy (select 'text ' || i as text from range(5000) r(i)) to '%s' (format parquet)"
                            .formatted(file));
        }
        ParquetMemory memory = new ParquetMemory(ParquetMemory.LEAST_MEBIBYTES);
        List<String> columns = List.of("text");
        int rows = 0;
        try (ParquetTable.Rows found = ParquetTable.Rows.open(file, columns, 1000, -1, memory)) {
            assertThat(memory.free()).isZero();
            for (var row = found.next(); row != null; row = found.next()) {
                assertThat(row.getFirst()).isEqualTo("text " + (1000 + rows++));
            }
        }
        assertThat(rows).isEqualTo(4000);
        assertThat(memory.free()).isEqualTo(ParquetMemory.LEAST_MEBIBYTES);
    }

    @Test
    void tooLittleIsRefused() {
        assertThatThrownBy(() -> new ParquetMemory(100))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("100 MiB")
                .hasMessageContaining("256 or more");
    }
}
