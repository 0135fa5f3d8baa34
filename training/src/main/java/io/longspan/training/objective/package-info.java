/**
 * What a run teaches, as batches with labels.
 *
 * <p>A {@link io.longspan.training.objective.Feed} gives the batches of each step and measures a
 * model on held-out data. {@link io.longspan.training.objective.MaskedFeed} hides tokens of a data
 * set by {@link io.longspan.training.objective.Masking}; {@link
 * io.longspan.training.objective.ExampleFeed} packs examples without padding. The batches of a step
 * are a function of the step alone.
 */
@NullMarked
package io.longspan.training.objective;

import org.jspecify.annotations.NullMarked;
