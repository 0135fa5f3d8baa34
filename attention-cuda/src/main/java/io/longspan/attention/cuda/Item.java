package io.longspan.attention.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One block's share of the work; {@code call.cuh} says what each number means.
 *
 * @param strip the tokens it is about
 * @param first first position of the tile, or first global of a tile of global keys
 * @param firstGlobal index of the sequence's first global among those of the batch
 * @param globalCount global tokens of the sequence
 * @param otherFirst first position of the other side
 * @param otherEnd one past the last position of the other side, or the number of parts of a sum
 * @param part slot of a partial sum, or -1
 */
record Item(
        Strip strip,
        int first,
        int firstGlobal,
        int globalCount,
        int otherFirst,
        int otherEnd,
        int part) {

    private static final int NUMBERS = 14;

    /** The items as the kernels read them. */
    static MemorySegment pack(List<Item> items, Arena arena) {
        MemorySegment memory = arena.allocate(CallLayout.items(items.size()));
        for (int i = 0; i < items.size(); i++) {
            int[] numbers = items.get(i).numbers();
            for (int n = 0; n < NUMBERS; n++) {
                memory.setAtIndex(JAVA_INT, (long) i * NUMBERS + n, numbers[n]);
            }
        }
        return memory;
    }

    private int[] numbers() {
        return new int[] {
            strip.start(),
            strip.sequence(),
            strip.head(),
            strip.residue(),
            strip.dilation(),
            strip.length(),
            strip.left(),
            strip.right(),
            first,
            firstGlobal,
            globalCount,
            otherFirst,
            otherEnd,
            part
        };
    }
}
