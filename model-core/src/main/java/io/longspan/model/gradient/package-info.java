/**
 * Gradients: a checkpoint whose weights can be trained.
 *
 * <p>{@link io.longspan.model.gradient.TrainableModel} runs the encoder while the engine records
 * it, as one graph or layer by layer, reads the masked-LM head at the wanted tokens only, and goes
 * back. Attention backends of both kinds train: kernels bring a backward of their own. The product
 * with the whole vocabulary and its cross-entropy are not recorded: {@link
 * io.longspan.model.gradient.DecoderLoss} computes their gradients by hand, tile by tile, straight
 * into the gradient of the word table, so that no array of the size of all scores is ever made.
 * {@link io.longspan.model.gradient.Parameter} is one weight with its gradient, both seen as raw
 * memory, which is what an optimiser and a file want.
 */
@NullMarked
package io.longspan.model.gradient;

import org.jspecify.annotations.NullMarked;
