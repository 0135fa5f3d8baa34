/**
 * The Longformer encoder: one forward code path for every checkpoint, attention backend and task.
 *
 * <p>Data flows one way: {@link io.longspan.model.encoder.TokenBatch} (ids, positions, layout)
 * through {@link io.longspan.model.encoder.Embeddings}, a stack of {@link
 * io.longspan.model.encoder.EncoderLayer} and, for a masked language model, {@link
 * io.longspan.model.encoder.MaskedLmHead}. The window of each layer is computed by whatever {@link
 * io.longspan.model.encoder.AttentionSession} wraps; rows of global tokens are computed here, in
 * {@link io.longspan.model.encoder.GlobalRows}, once for all backends.
 *
 * <p>Letters: T tokens of the batch, N hidden size, H heads, D head size, F feed-forward size, V
 * vocabulary, G global tokens of one sequence, L its length. Memory: every layer works in a manager
 * of its own, and only its output leaves it.
 */
@NullMarked
package io.longspan.model.encoder;

import org.jspecify.annotations.NullMarked;
