/**
 * Task heads: from hidden states to scores, and from scores and labels to a loss.
 *
 * <p>A {@link io.longspan.model.head.TaskHead} says which rows of the hidden states it reads and
 * turns such rows into scores, so that callers run it where scores are wanted and nowhere else.
 * {@link io.longspan.model.head.Labels} are the truth of one batch, one type per kind of loss; each
 * computes its loss and the gradient of the scores in double precision on the host, as Hugging Face
 * defines it. Only the masked language model's scores are too many for that: its loss is computed
 * tile by tile in {@code io.longspan.model.gradient}.
 *
 * <p>A {@link io.longspan.model.head.TaskSetup} joins what a batch needs to know of a model: its
 * configuration, task and classes, and which tokens are global. Training, serving and the command
 * line all mark global tokens through it.
 *
 * <p>Letters: T tokens of the batch, B sequences, R rows, N hidden size, K scores of a row, C
 * choices, V vocabulary.
 */
@NullMarked
package io.longspan.model.head;

import org.jspecify.annotations.NullMarked;
