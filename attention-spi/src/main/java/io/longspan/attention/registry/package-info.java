/**
 * Finding, choosing and opening attention backends: from provider jars to one open backend and a
 * report that explains the choice.
 *
 * <p>{@link io.longspan.attention.registry.AttentionRegistry} knows the providers, {@link
 * io.longspan.attention.registry.AttentionSelector} is a pure function from facts to a {@link
 * io.longspan.attention.registry.SelectionReport}, and {@link
 * io.longspan.attention.registry.AttentionBackends} does both and opens the winner. No other
 * package looks up services.
 */
@NullMarked
package io.longspan.attention.registry;

import org.jspecify.annotations.NullMarked;
