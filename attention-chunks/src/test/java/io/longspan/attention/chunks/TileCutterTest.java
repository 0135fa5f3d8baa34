package io.longspan.attention.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TileCutterTest {
    private static final int HEADS = 12;

    @Test
    void everyChunkIsInOneTileThatIsLargeEnough() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SequenceLayout layout =
                    SequenceLayout.allLocal(random.ints(1 + random.nextInt(9), 1, 900).toArray());
            int reach = random.nextInt(400);
            List<Chunk> chunks = ChunkCutter.cut(layout, reach, QueryRows.all().indices(layout));
            List<Tile> tiles = new TileCutter(layout, HEADS).cut(chunks);
            assertThat(tiles.stream().flatMap(tile -> tile.chunks().stream()))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(chunks);
            for (Tile tile : tiles) {
                assertThat(tile.chunks())
                        .as("seed %d", seed)
                        .allMatch(c -> c.rows() <= tile.rows() && c.keys() <= tile.keys())
                        .allMatch(c -> c.whole() == tile.whole());
            }
        }
    }

    @Test
    void paddingAddsAtMostAQuarter() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SequenceLayout layout =
                    SequenceLayout.allLocal(random.ints(1 + random.nextInt(9), 1, 900).toArray());
            int[] rows = QueryRows.all().indices(layout);
            List<Chunk> chunks = ChunkCutter.cut(layout, random.nextInt(400), rows);
            long real = chunks.stream().mapToLong(c -> (long) c.rows() * c.keys()).sum();
            assertThat(scores(layout, chunks)).as("seed %d", seed).isBetween(real, real * 5 / 4);
        }
    }

    @Test
    void scoresGrowInProportionToLength() {
        long once = scores(8_192, 256);
        long fourTimes = scores(32_768, 256);
        assertThat(fourTimes).isBetween(4 * once, 4 * once * 11 / 10);
        assertThat(fourTimes).isLessThanOrEqualTo(32_768L * (256 + 2 * 256));
    }

    @Test
    void manyChunksAreSeveralTiles() {
        SequenceLayout layout = SequenceLayout.allLocal(16_384);
        List<Tile> tiles = new TileCutter(layout, HEADS).cut(chunks(layout, 256));
        Tile largest = tiles.stream().max(Comparator.comparingLong(Tile::area)).orElseThrow();
        assertThat(largest.area() * HEADS).isLessThanOrEqualTo(3L << 20);
    }

    private static long scores(int length, int reach) {
        SequenceLayout layout = SequenceLayout.allLocal(length);
        return scores(layout, chunks(layout, reach));
    }

    private static long scores(SequenceLayout layout, List<Chunk> chunks) {
        return new TileCutter(layout, HEADS).cut(chunks).stream().mapToLong(Tile::area).sum();
    }

    private static List<Chunk> chunks(SequenceLayout layout, int reach) {
        return ChunkCutter.cut(layout, reach, QueryRows.all().indices(layout));
    }
}
