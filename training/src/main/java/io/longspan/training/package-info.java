/** The module {@code training}. */
@NullMarked
package io.longspan.training;

import org.jspecify.annotations.NullMarked;
