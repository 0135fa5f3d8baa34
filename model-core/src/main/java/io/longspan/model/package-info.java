/**
 * What every part of the model core shares.
 *
 * <p>The parts are {@link io.longspan.model.config} (what a model is), {@link
 * io.longspan.model.checkpoint} (its weights on disk) and {@link io.longspan.model.tokenizer} (text
 * to ids). Whatever a user hands in and cannot be used ends in one {@link
 * io.longspan.model.ModelInputException}.
 */
@NullMarked
package io.longspan.model;

import org.jspecify.annotations.NullMarked;
