/** The log of inferences: one row per status that a client received. */
@NullMarked
package io.longspan.store.inference;

import org.jspecify.annotations.NullMarked;
