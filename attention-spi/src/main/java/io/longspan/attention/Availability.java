package io.longspan.attention;

/** Whether a backend can run on this machine. */
public sealed interface Availability {
    /**
     * It can.
     *
     * @param detail what it found, for people, such as "512-bit vectors, 2 threads"
     */
    record Available(String detail) implements Availability {}

    /**
     * It cannot.
     *
     * @param reason what is missing, precisely
     * @param hint what the reader can do about it
     */
    record Unavailable(String reason, String hint) implements Availability {}
}
