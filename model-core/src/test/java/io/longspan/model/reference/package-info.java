/**
 * A whole model in float64, straight from the definitions and without an engine: one sequence, one
 * head, one row at a time. Tests hold the encoder, its gradients and its dropout against it.
 */
@NullMarked
package io.longspan.model.reference;

import org.jspecify.annotations.NullMarked;
