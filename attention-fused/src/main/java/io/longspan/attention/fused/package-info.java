/**
 * CPU kernels on the Vector API, forward and backward, for every feature of the attention contract.
 *
 * <p>A batch is cut into {@link io.longspan.attention.fused.Strip strips}, the tokens that one head
 * links by its dilation, and strips into work items that one thread does alone. An item keeps a few
 * tiles of queries in its {@link io.longspan.attention.fused.Scratch scratch} while panels of keys
 * pass by ({@link io.longspan.attention.fused.Walk}): products of 64 by 64, an online softmax in
 * which each query is a vector lane, products again. Nothing of the size length times window ever
 * exists. {@code docs/kernels.md} derives it and says what each step gained.
 */
@NullMarked
package io.longspan.attention.fused;

import org.jspecify.annotations.NullMarked;
