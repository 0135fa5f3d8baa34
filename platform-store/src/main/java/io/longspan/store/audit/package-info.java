/** Who did what. */
@NullMarked
package io.longspan.store.audit;

import org.jspecify.annotations.NullMarked;
