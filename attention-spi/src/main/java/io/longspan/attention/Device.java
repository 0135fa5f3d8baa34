package io.longspan.attention;

/**
 * Where tensors live.
 *
 * @param kind of memory and of processor
 * @param index among the devices of that kind; 0 for the CPU
 */
public record Device(Kind kind, int index) {
    /** The host. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    /** The kinds of device that a backend can declare. */
    public enum Kind {
        /** Host memory. */
        CPU,
        /** Memory of an NVIDIA GPU. */
        CUDA
    }
}
