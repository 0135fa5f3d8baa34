/** The module {@code platform-store}. */
@NullMarked
package io.longspan.store;

import org.jspecify.annotations.NullMarked;
