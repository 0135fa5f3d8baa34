/**
 * An attention backend as a stranger would ship it: one jar that needs the SPI to compile and
 * nothing to run.
 *
 * <p>It walks over every key of a sequence and asks whether the row may see it, so it is slow,
 * short and easy to check. Models can be trained through it. Copy the module, replace the
 * arithmetic in {@link io.longspan.example.dense.DenseForward} and {@link
 * io.longspan.example.dense.DenseBackward}, keep the contract test green.
 */
@NullMarked
package io.longspan.example.dense;

import org.jspecify.annotations.NullMarked;
