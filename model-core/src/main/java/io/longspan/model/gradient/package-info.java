/**
 * Gradients: a checkpoint whose weights can be trained.
 *
 * <p>{@link io.longspan.model.gradient.TrainableModel} runs the encoder as a pass that can be gone
 * back through layer by layer, runs the head at the rows that the labels ask for, and goes back.
 * Attention backends of both kinds train: kernels bring a backward of their own. Losses are not
 * recorded: a {@link io.longspan.model.gradient.ScoreLoss} takes the gradient of a head's scores
 * from its labels, and for a masked language model {@link io.longspan.model.gradient.DecoderLoss}
 * computes the product with the whole vocabulary, its cross-entropy and their gradients by hand,
 * tile by tile, straight into the gradient of the word table, so that no array of the size of all
 * scores is ever made. {@link io.longspan.model.gradient.Parameter} is one weight with its
 * gradient, both seen as raw memory, which is what an optimiser and a file want.
 */
@NullMarked
package io.longspan.model.gradient;

import org.jspecify.annotations.NullMarked;
