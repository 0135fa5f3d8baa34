/**
 * Running a checkpoint: from a folder on disk to answers.
 *
 * <p>{@link io.longspan.model.infer.LongformerModel} is an open checkpoint with its weights in
 * memory. {@link io.longspan.model.infer.BatchTensors} is the border to Hugging Face's tensors: ids
 * and masks of shape [batch, length] become a packed batch in which pads stay as masked tokens.
 * {@link io.longspan.model.infer.TensorForward} takes such a batch through a model and writes what
 * transformers would return.
 */
@NullMarked
package io.longspan.model.infer;

import org.jspecify.annotations.NullMarked;
