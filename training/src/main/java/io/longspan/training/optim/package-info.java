/**
 * How weights move.
 *
 * <p>{@link io.longspan.training.optim.AdamW} moves them, at the speed that {@link
 * io.longspan.training.optim.Schedule} gives for a step of a {@link
 * io.longspan.training.optim.Plan}; {@link io.longspan.training.optim.MomentFile} keeps its moments
 * in a checkpoint.
 */
@NullMarked
package io.longspan.training.optim;

import org.jspecify.annotations.NullMarked;
