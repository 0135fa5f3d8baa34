/**
 * The Longformer encoder: one forward code path for every checkpoint, attention backend and task.
 *
 * <p>Data flows one way: {@link io.longspan.model.encoder.TokenBatch} (ids, positions, layout)
 * through {@link io.longspan.model.encoder.Embeddings} and a stack of {@link
 * io.longspan.model.encoder.EncoderLayer} to hidden states, which a head of {@code
 * io.longspan.model.head} reads. The window of each layer is computed by whatever {@link
 * io.longspan.model.encoder.AttentionSession} wraps; rows of global tokens are computed here, in
 * {@link io.longspan.model.encoder.GlobalRows}, once for all backends.
 *
 * <p>What may be left out without changing an answer is in {@link
 * io.longspan.model.encoder.ExactSavings}: {@link io.longspan.model.encoder.SelectedRows} of the
 * last layer, the {@link io.longspan.model.encoder.DensePath}, the folding in {@code GlobalRows}.
 *
 * <p>For training, {@link io.longspan.model.encoder.EncoderPass} runs the layers so that they can
 * be gone back through one by one. With a kernel of attention on the CPU that is a {@link
 * io.longspan.model.encoder.WrittenPass}: the way back of a layer is written out ({@link
 * io.longspan.model.encoder.WrittenBackward}), on products and memory of {@link
 * io.longspan.model.encoder.TrainingKernels}. Otherwise it is an {@link
 * io.longspan.model.encoder.EnginePass}, where the engine differentiates everything but a kernel's
 * attention and the rows of many global tokens: {@link io.longspan.model.encoder.KernelLayerPass}
 * cuts the graph around the one and lets the kernel carry the gradient across, {@link
 * io.longspan.model.encoder.GlobalRowsPass} computes the other once more, tile by tile. {@link
 * io.longspan.model.encoder.Activations} says whether a layer's inside is kept for the way back or
 * computed again.
 *
 * <p>Letters: T tokens of the batch, N hidden size, H heads, D head size, F feed-forward size, V
 * vocabulary, G global tokens of one sequence, L its length. Memory: every layer works in a manager
 * of its own, and only its output leaves it.
 */
@NullMarked
package io.longspan.model.encoder;

import org.jspecify.annotations.NullMarked;
