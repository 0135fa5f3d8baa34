/**
 * What the answer is: attention in float64 over plain arrays, written from the contract alone.
 *
 * <p>Nothing here is fast, and nothing here shares code with a backend. Keys are found by asking of
 * every token of the sequence whether the row may see it, so a mistake in walking windows cannot
 * hide in both places.
 */
@NullMarked
package io.longspan.attention.testkit.oracle;

import org.jspecify.annotations.NullMarked;
