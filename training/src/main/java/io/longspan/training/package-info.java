/**
 * Training: objectives, optimiser, runs that can be killed and gone on with.
 *
 * <p>The door is {@link io.longspan.training.run.Trainer}. Rooms know each other in one direction
 * only: {@code run} knows {@code objective} and {@code optim}, those know {@code example} and
 * {@code data}, and all know {@code config}, which knows {@code metric}.
 *
 * <p>Nothing random has a state: the order of the data, the masks, dropout and a fresh head are
 * functions of the seed, the step and the sample. So a run that was stopped or killed and goes on
 * from its last checkpoint gives the same losses as one that was not, bit for bit on one machine
 * with the same threads.
 */
@NullMarked
package io.longspan.training;

import org.jspecify.annotations.NullMarked;
