package io.longspan.model.linear;

/** Whether packed kernels of a precision can be had in this process, and why not. */
public sealed interface LinearAvailability {
    /**
     * They can.
     *
     * @param kernel library and instructions, for reports
     */
    record Available(String kernel) implements LinearAvailability {}

    /**
     * They cannot; DJL's linear stands in.
     *
     * @param reason for reports and logs
     */
    record Unavailable(String reason) implements LinearAvailability {}
}
