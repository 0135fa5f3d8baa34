package io.longspan.model.infer;

import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.checkpoint.NonFinite;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.linear.LinearPrecision;
import org.jspecify.annotations.Nullable;

/**
 * How a checkpoint is to be loaded.
 *
 * @param task to load it for, or null to infer it from its tensors
 * @param nonFinite what to do with weights that are NaN or infinite
 * @param savings what the encoder may leave out, since the answer is the same without it
 * @param packed precision of packed linear layers, which only answer; or null for the engine's own
 *     linear in float32
 * @param crew the threads of this process that compute, which outlive the model; or null, and the
 *     model makes its own
 */
public record ModelOptions(
        @Nullable Task task,
        NonFinite nonFinite,
        ExactSavings savings,
        @Nullable LinearPrecision packed,
        @Nullable ComputeCrew crew) {
    /** Options without a crew: the model makes its own. */
    public ModelOptions(
            @Nullable Task task,
            NonFinite nonFinite,
            ExactSavings savings,
            @Nullable LinearPrecision packed) {
        this(task, nonFinite, savings, packed, null);
    }

    /** The task of the tensors, finite weights, all savings, the engine's linear. */
    public static ModelOptions defaults() {
        return new ModelOptions(null, NonFinite.REFUSE, ExactSavings.all(), null, null);
    }

    /**
     * What serving and bulk inference load with.
     *
     * @param packed precision of packed linear layers, or null for the engine's
     * @param crew of this process
     */
    public static ModelOptions inference(@Nullable LinearPrecision packed, ComputeCrew crew) {
        return new ModelOptions(null, NonFinite.REFUSE, ExactSavings.all(), packed, crew);
    }

    /** The same for a task, or for the one that the tensors say. */
    public ModelOptions withTask(@Nullable Task wanted) {
        return new ModelOptions(wanted, nonFinite, savings, packed, crew);
    }

    /** The same with another choice for weights that are no numbers. */
    public ModelOptions withNonFinite(NonFinite choice) {
        return new ModelOptions(task, choice, savings, packed, crew);
    }

    /** The same with other savings. */
    public ModelOptions withSavings(ExactSavings on) {
        return new ModelOptions(task, nonFinite, on, packed, crew);
    }

    /** The same with packed linear layers of a precision, or with the engine's for null. */
    public ModelOptions withPacked(@Nullable LinearPrecision precision) {
        return new ModelOptions(task, nonFinite, savings, precision, crew);
    }

    /** The same on the threads of this process. */
    public ModelOptions withCrew(ComputeCrew threads) {
        return new ModelOptions(task, nonFinite, savings, packed, threads);
    }
}
