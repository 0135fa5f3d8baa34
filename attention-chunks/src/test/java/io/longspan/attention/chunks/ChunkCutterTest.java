package io.longspan.attention.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChunkCutterTest {
    @Test
    void everyWantedRowIsInOneChunkTogetherWithAllItsKeys() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SequenceLayout layout =
                    SequenceLayout.allLocal(random.ints(1 + random.nextInt(4), 1, 900).toArray());
            int reach = random.nextInt(400);
            int[] rows =
                    IntStream.range(0, layout.tokens())
                            .filter(t -> random.nextInt(7) == 0 || t == 0)
                            .toArray();
            int next = 0;
            for (Chunk chunk : ChunkCutter.cut(layout, reach, rows)) {
                int start = layout.start(chunk.sequence());
                int end = layout.end(chunk.sequence());
                assertThat(chunk.firstRow()).as("seed %d, %s", seed, chunk).isEqualTo(next);
                for (int r = next; r < next + chunk.rows(); r++) {
                    int endKey = chunk.firstKey() + chunk.keys();
                    assertThat(rows[r]).as("seed %d, %s", seed, chunk).isBetween(start, end - 1);
                    assertThat(chunk.firstKey())
                            .as("seed %d, first key of %s for row %d", seed, chunk, rows[r])
                            .isBetween(start, Math.max(start, rows[r] - reach));
                    assertThat(endKey)
                            .as("seed %d, end of keys of %s for row %d", seed, chunk, rows[r])
                            .isBetween(Math.min(end, rows[r] + reach + 1), end);
                }
                next += chunk.rows();
            }
            assertThat(next).as("rows in chunks, seed %d", seed).isEqualTo(rows.length);
        }
    }

    @Test
    void aSequenceWithinTheWindowIsOneChunkWithoutHalo() {
        SequenceLayout layout = SequenceLayout.allLocal(50, 200);
        assertThat(ChunkCutter.cut(layout, 199, all(layout)))
                .containsExactly(
                        new Chunk(0, 0, 50, 0, 50, true), new Chunk(1, 50, 200, 50, 200, true));
    }

    @Test
    void aWindowOneShortOfTheSequenceIsNotWhole() {
        SequenceLayout layout = SequenceLayout.allLocal(200);
        assertThat(ChunkCutter.cut(layout, 198, all(layout))).isNotEmpty().noneMatch(Chunk::whole);
    }

    @Test
    void partsWithoutAWantedRowAreLeftOut() {
        SequenceLayout layout = SequenceLayout.allLocal(4096, 4096);
        int[] rows = QueryRows.of(5000).indices(layout);
        assertThat(ChunkCutter.cut(layout, 100, rows))
                .containsExactly(new Chunk(1, 0, 1, 4900, 201, false));
    }

    @Test
    void aReachBeyondEveryTokenDoesNotOverflow() {
        SequenceLayout layout = SequenceLayout.allLocal(3, 700);
        List<Chunk> chunks = ChunkCutter.cut(layout, Integer.MAX_VALUE / 2, all(layout));
        assertThat(chunks)
                .allMatch(Chunk::whole)
                .allMatch(c -> c.keys() == layout.length(c.sequence()));
    }

    private static int[] all(SequenceLayout layout) {
        return QueryRows.all().indices(layout);
    }
}
