package io.longspan.attention.testkit.cases;

import io.longspan.attention.AttentionDropout;
import java.util.List;

/**
 * Expected dropout masks as literals: what the generator has to give, whoever implements it.
 *
 * <p>They were computed from the definition by a program of its own, in another language, that
 * reproduces the published answers of Philox4x32-10. Two samples, two heads, 18 rows by 18 keys; a
 * dot is a dropped probability. The rate of 0.25 drops a 16-bit draw below 16,384. The second
 * sample's id needs more than 32 bits.
 */
public final class DropoutGolden {
    /** Keys, and rows, of each mask. */
    public static final int LENGTH = 18;

    /** Dropout rate of the masks. */
    public static final float RATE = 0.25f;

    /** What a kept probability is multiplied by. */
    public static final double KEPT = 4.0 / 3;

    private static final List<List<String>> MASKS =
            List.of(
                    List.of(
                            """
                            ##################
                            .####.###.######..
                            ########..#######.
                            .#.##.#..#..#####.
                            #.###########..###
                            ########.##.######
                            #.###.#####.#...##
                            .########.##.##.#.
                            #.#############.##
                            .##.###.##.#######
                            ###.#####.###.###.
                            #.#####..#########
                            ###.############..
                            #######.#.#.###.##
                            #####...###..#.##.
                            .#.##.##.######...
                            #####.#####.######
                            ##...###..######.#
                            """,
                            """
                            ####..#.#.##.####.
                            ######.##.##.####.
                            #..#####..###.###.
                            ###.#.########.###
                            #.##.###########.#
                            ####..#######.####
                            ##...######.####..
                            ##..###.#.#####.#.
                            ###..####..####.##
                            ###......#######.#
                            #####..#.####.####
                            ..###.#.####.###..
                            ####.#.#######.###
                            #..#######.####.##
                            ###########.##.###
                            .##.#..###..###.##
                            #########.#.#..##.
                            #..#######.#######
                            """),
                    List.of(
                            """
                            #######.###.###.##
                            #####.####.#####.#
                            ##...#.######...##
                            .#############.#.#
                            ####..########.#..
                            .###.#..##########
                            ###..######.##.#.#
                            ##################
                            #.################
                            #####..###...#####
                            ....####..#####.##
                            .#.#.######.##.##.
                            ..######...######.
                            .######.####..#.#.
                            #.##.#########.###
                            ##.############.##
                            ####.###.######.##
                            .#...##.######.#.#
                            """,
                            """
                            ######.#.#.##.#.##
                            ####.######..#####
                            ##.######.#.#.###.
                            #.######.#####.###
                            .#########..#..###
                            ###########.#..#..
                            .########.###.###.
                            .##..##.##.....##.
                            #.##...#####.#.##.
                            #########...##..##
                            #####.#.#.#...####
                            ##.#######.##.###.
                            .#.##########.###.
                            ###.###.######.###
                            .#############.#.#
                            ###.##..###..####.
                            ######.###########
                            ##########......#.
                            """));

    private DropoutGolden() {}

    /** The call that has these masks: its two sequences are the two samples. */
    public static AttentionDropout dropout() {
        return AttentionDropout.of(17, 250, 3, 40, 41 + (1L << 33));
    }

    /** Whether the probability of a key is dropped; row and key are indices in the sequence. */
    public static boolean drops(int sequence, int head, int row, int key) {
        return MASKS.get(sequence).get(head).lines().toList().get(row).charAt(key) == '.';
    }
}
