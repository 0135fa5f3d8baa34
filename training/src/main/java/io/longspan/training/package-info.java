/**
 * Pretraining with masked language modelling.
 *
 * <p>{@link io.longspan.training.Trainer} is the door: it takes a {@link
 * io.longspan.training.TrainingConfig}, an open attention backend and a {@link
 * io.longspan.training.TokenSource}, and tells a {@link io.longspan.training.RunLog} everything
 * while it happens. {@link io.longspan.training.Blocks} cuts the tokens into blocks and shuffles
 * them, {@link io.longspan.training.Masking} chooses the tokens to be guessed, {@link
 * io.longspan.training.Samples} packs both into a batch, {@link io.longspan.training.AdamW} moves
 * the weights at the speed that {@link io.longspan.training.Schedule} says, and {@link
 * io.longspan.training.RunFolder} keeps checkpoints.
 *
 * <p>Nothing random has a state: the order of the data and the masks are functions of the seed, the
 * step and the sample. So a run that was stopped or killed and goes on from its last checkpoint
 * gives the same losses as one that was not, bit for bit on one machine with the same threads.
 */
@NullMarked
package io.longspan.training;

import org.jspecify.annotations.NullMarked;
