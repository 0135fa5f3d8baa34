/**
 * A model's weights on disk.
 *
 * <p>{@link io.longspan.model.checkpoint.CheckpointFiles} opens a folder in Hugging Face's layout.
 * Its tensors come from a {@link io.longspan.model.checkpoint.TensorSource}: one memory-mapped
 * {@link io.longspan.model.checkpoint.SafetensorsFile} or {@link
 * io.longspan.model.checkpoint.TorchFile}, or several named by an index. {@link
 * io.longspan.model.checkpoint.TensorNames} gives them canonical names, which carry no prefix, such
 * as {@code encoder.layer.0.attention.self.query.weight} or {@code lm_head.dense.weight}, and holds
 * them against the configuration. {@link io.longspan.model.checkpoint.SafetensorsWriter} writes.
 *
 * <p>Files come from strangers: whatever is wrong with one ends in a {@link
 * io.longspan.model.ModelInputException}, before any of its data is used.
 */
@NullMarked
package io.longspan.model.checkpoint;

import org.jspecify.annotations.NullMarked;
