package io.longspan.attention.cuda;

/** The geometry of the kernels on tensor cores, as {@code mma.cuh} has it. */
final class MmaKernels {
    /** Queries of a block of the forward pass. */
    static final int FORWARD_ROWS = 128;

    static final int FORWARD_THREADS = 256;
    static final int BACKWARD_THREADS = 128;

    /** Elements that one copy moves: head sizes have to be a multiple. */
    static final int COPIED_ELEMENTS = 8;

    /** Heads of the forward pass for compute capability 9.0; smaller ones have their own size. */
    static final int HOPPER_HEAD_SIZE = 64;

    private static final int ELEMENT_BYTES = 2;
    private static final int PATTERN_BYTES = 1024;

    private MmaKernels() {}

    /** Queries once, keys and values twice: one tile is used while the next arrives. */
    static int forwardShared(int headSize) {
        return (FORWARD_ROWS + 4 * WorkList.TILE) * headSize * ELEMENT_BYTES;
    }

    /** As {@link #forwardShared}, from a round address on. */
    static int hopperShared() {
        return forwardShared(HOPPER_HEAD_SIZE) + PATTERN_BYTES;
    }

    /** Two tiles of either side, and gradients of scores in rows of 68. */
    static int biasShared(int headSize) {
        return 4 * WorkList.TILE * headSize * ELEMENT_BYTES
                + WorkList.TILE * (WorkList.TILE + 4) * Float.BYTES;
    }

    /** The block's own two tiles once, the other side's two twice. */
    static int backwardShared(int headSize) {
        return 6 * WorkList.TILE * headSize * ELEMENT_BYTES;
    }
}
