/**
 * What a run teaches, as batches with labels.
 *
 * <p>A {@link io.longspan.training.objective.Feed} gives the batches of each step and measures a
 * model on held-out data. {@link io.longspan.training.objective.StreamFeed} reads sequences of data
 * sets, in which {@link io.longspan.training.objective.MaskedBatches} hides tokens by {@link
 * io.longspan.training.objective.Masking} and {@link io.longspan.training.objective.CausalBatches}
 * has each token guessed from those before it; {@link io.longspan.training.objective.ExampleFeed}
 * reads examples. Batches are packed without padding, and those of a step are a function of the
 * step alone.
 */
@NullMarked
package io.longspan.training.objective;

import org.jspecify.annotations.NullMarked;
