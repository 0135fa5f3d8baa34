/** The module {@code serving}. */
@NullMarked
package io.longspan.serving;

import org.jspecify.annotations.NullMarked;
