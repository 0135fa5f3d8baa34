/**
 * The contract of an attention backend, and nothing else.
 *
 * <p>A batch is packed, never padded: {@link io.longspan.attention.SequenceLayout} says where
 * sequences begin and what each token is, {@link io.longspan.attention.AttentionPattern} says what
 * one layer lets a token see, and a backend turns query, key and value of shape [T, H, D] into an
 * output of the same shape. An {@link io.longspan.attention.AttentionBackendProvider} declares what
 * its backend can do ({@link io.longspan.attention.Capabilities}), whether it can run here ({@link
 * io.longspan.attention.Availability}) and makes it. A backend is either {@linkplain
 * io.longspan.attention.ComposedBackend composed} of NDArray operations or a {@linkplain
 * io.longspan.attention.KernelBackend kernel} on raw memory.
 *
 * <p>Letters used throughout: T tokens of all sequences together, R query rows, H heads, D head
 * size, B sequences, G global tokens. Source of the semantics: Beltagy, Peters and Cohan,
 * "Longformer" (arXiv 2004.05150), section 3.
 *
 * <p>Plug-in jars share exactly this package, {@link io.longspan.attention.compute}, DJL, SLF4J and
 * JSpecify with the platform; discovery and selection live in {@link
 * io.longspan.attention.registry}.
 */
@NullMarked
package io.longspan.attention;

import org.jspecify.annotations.NullMarked;
