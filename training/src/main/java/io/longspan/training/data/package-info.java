/**
 * Streams of tokens.
 *
 * <p>A {@link io.longspan.training.data.TokenSource} gives neighbouring tokens of a data set,
 * {@link io.longspan.training.data.DataSetTokens} those that ingest stored. {@link
 * io.longspan.training.data.Sequences} cuts one or several of them into sequences of one length or
 * of single documents, holds some out and deals the others in an order that is a function of the
 * seed and the epoch, through {@link io.longspan.training.data.Permutation}; which data set comes
 * next is the business of {@link io.longspan.training.data.Mixture}. {@link
 * io.longspan.training.data.DataCheck} refuses data of another vocabulary than the model's.
 */
@NullMarked
package io.longspan.training.data;

import org.jspecify.annotations.NullMarked;
