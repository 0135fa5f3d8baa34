/**
 * Making checkpoints: from a RoBERTa ({@link io.longspan.model.convert.LongformerConversion}), or
 * from nothing ({@link io.longspan.model.convert.RandomCheckpoint}). Both write a whole folder or
 * nothing.
 */
@NullMarked
package io.longspan.model.convert;

import org.jspecify.annotations.NullMarked;
