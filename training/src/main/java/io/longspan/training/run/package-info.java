/**
 * Runs.
 *
 * <p>{@link io.longspan.training.run.Trainer} is the door: it takes a {@link
 * io.longspan.training.run.TrainingRequest} and tells a {@link io.longspan.training.run.RunLog}
 * everything while it happens. {@link io.longspan.training.run.RunFolder} keeps checkpoints: the
 * newest, and the best. {@link io.longspan.training.run.Evaluator} measures without training.
 */
@NullMarked
package io.longspan.training.run;

import org.jspecify.annotations.NullMarked;
