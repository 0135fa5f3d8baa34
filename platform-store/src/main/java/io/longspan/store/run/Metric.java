package io.longspan.store.run;

/**
 * A number measured in a run.
 *
 * @param name such as {@code loss} (of the step's batch) or {@code held_out_loss}
 * @param step after which it was measured
 * @param value in nats for losses
 */
public record Metric(String name, long step, double value) {
    /** Loss of the batch of one step. */
    public static final String LOSS = "loss";

    /** Loss on the blocks that are held out. */
    public static final String HELD_OUT_LOSS = "held_out_loss";
}
