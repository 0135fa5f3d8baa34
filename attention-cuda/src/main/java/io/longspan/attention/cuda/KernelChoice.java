package io.longspan.attention.cuda;

import io.longspan.attention.ElementType;
import java.util.List;
import java.util.Locale;

/**
 * Which kernels serve a call.
 *
 * @param image that holds them
 * @param prefix of their names
 * @param headSize that they are made for, at least the call's
 * @param wide whether the forward pass takes tiles of 128 queries
 */
record KernelChoice(String image, String prefix, int headSize, boolean wide) {
    private static final int TENSOR_CORES = 80;
    private static final int HOPPER = 90;
    private static final int[] HEAD_SIZES = {32, 64, 128};

    /**
     * Tensor cores where the device has them for the type and every row can be read 16 bytes at a
     * time, ordinary arithmetic elsewhere.
     */
    static KernelChoice of(ElementType type, int headSize, int capability, List<DeviceView> views) {
        int made = HEAD_SIZES[0];
        for (int i = 1; made < headSize; i++) {
            made = HEAD_SIZES[i];
        }
        String suffix = type.name().toLowerCase(Locale.ROOT);
        boolean fits =
                type != ElementType.FP32
                        && capability >= TENSOR_CORES
                        && headSize % MmaKernels.COPIED_ELEMENTS == 0
                        && views.stream().allMatch(DeviceView::isAligned);
        return fits
                ? new KernelChoice(Images.MMA + suffix, "mma", made, true)
                : new KernelChoice(Images.FFMA + suffix, "ffma", made, false);
    }

    private String kernel(String pass) {
        return prefix + "_" + pass + "_" + headSize;
    }

    /** Whether a device has instructions of its own for the forward pass. */
    static boolean hasOwnForward(int capability) {
        return capability == HOPPER;
    }

    /** The image with this forward pass, for the same type. */
    String ownForwardImage() {
        return Images.HOPPER + image.substring(Images.MMA.length());
    }

    /**
     * Whether this forward pass serves the call: on tensor cores, without a bias, heads up to 64.
     */
    boolean fitsOwnForward(boolean biased) {
        return wide && !biased && headSize == MmaKernels.HOPPER_HEAD_SIZE;
    }

    Launch ownForward(int grid) {
        return new Launch(
                "hopper_forward_" + headSize,
                grid,
                MmaKernels.FORWARD_THREADS,
                MmaKernels.hopperShared());
    }

    /** On tensor cores a bias has a forward kernel of its own. */
    Launch forward(int grid, boolean biased) {
        return wide
                ? new Launch(
                        kernel(biased ? "biased" : "forward"),
                        grid,
                        MmaKernels.FORWARD_THREADS,
                        MmaKernels.forwardShared(headSize))
                : new Launch(kernel("forward"), grid, FFMA_THREADS, 0);
    }

    /** Parts of the gradient of the bias. */
    Launch bias(int grid) {
        return wide
                ? new Launch(
                        kernel("bias"),
                        grid,
                        MmaKernels.BACKWARD_THREADS,
                        MmaKernels.biasShared(headSize))
                : new Launch(kernel("bias"), grid, FFMA_THREADS, 0);
    }

    Launch queries(int grid) {
        return backward("queries", grid);
    }

    /** Without tensor cores a large head takes two blocks per tile of keys. */
    Launch keys(int grid) {
        boolean halved = !wide && headSize > WorkList.TILE;
        return backward("keys", halved ? Math.multiplyExact(2, grid) : grid);
    }

    private static final int FFMA_THREADS = 128;

    private Launch backward(String pass, int grid) {
        return wide
                ? new Launch(
                        kernel(pass),
                        grid,
                        MmaKernels.BACKWARD_THREADS,
                        MmaKernels.backwardShared(headSize))
                : new Launch(kernel(pass), grid, FFMA_THREADS, 0);
    }
}
