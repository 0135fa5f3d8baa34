/**
 * Looks into a model: which tokens a token attends to, and by how much.
 *
 * <p>{@link io.longspan.model.inspect.AttentionInspector} answers for chosen rows and heads of one
 * layer with {@link io.longspan.model.inspect.AttendedRow}s: pairs of a position in the sequence
 * and a weight, without the padding and the filler slots of a dense layout. Weights are computed
 * here from queries and keys, so they are the same whichever backend runs the model.
 */
@NullMarked
package io.longspan.model.inspect;

import org.jspecify.annotations.NullMarked;
