package io.longspan.attention.cuda;

/**
 * A kernel and its geometry.
 *
 * @param kernel name of its entry
 * @param grid blocks, at least 1
 * @param threads of a block
 * @param sharedBytes of dynamic shared memory per block
 */
record Launch(String kernel, int grid, int threads, int sharedBytes) {
    @Override
    public String toString() {
        return "kernel '"
                + kernel
                + "' ("
                + grid
                + " blocks of "
                + threads
                + " threads, "
                + sharedBytes
                + " bytes of dynamic shared memory each)";
    }
}
