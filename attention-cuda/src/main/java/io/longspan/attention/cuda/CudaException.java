package io.longspan.attention.cuda;

/**
 * The CUDA driver refused a call. The message names the call, the kernel and its geometry where
 * there is one, the driver's number and its name for it, and what to do.
 */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** CUDA_ERROR_OUT_OF_MEMORY. */
    static final int OUT_OF_MEMORY = 2;

    private final int status;

    CudaException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The CUresult. */
    public int status() {
        return status;
    }

    /**
     * Whether the driver's context is lost with it: every later call on the device would fail too,
     * until the process ends.
     */
    public boolean isSticky() {
        return switch (status) {
            // Device unavailable, uncorrectable memory, link, contained faults.
            case 46, 214, 220, 226 -> true;
            // Illegal address, timeout, destroyed context, assertion, traps, launch failure.
            case 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721 -> true;
            case 999 -> true;
            default -> false;
        };
    }
}
