/**
 * One step of training, masked language modelling of one sequence: ours beside transformers' on the
 * same weights and tokens. Every contender is a process of its own, so that its memory is its own,
 * and since MKL can be told what to do only before libtorch is loaded.
 *
 * <p>{@link io.longspan.bench.train.TrainBench} is what {@code longspan bench train} calls. A
 * contender says one line: versions, peak resident bytes, loss of the first and of the last step,
 * seconds of each.
 */
@NullMarked
package io.longspan.bench.train;

import org.jspecify.annotations.NullMarked;
