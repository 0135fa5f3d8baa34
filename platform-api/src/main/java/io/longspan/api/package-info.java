/** The module {@code platform-api}. */
@NullMarked
package io.longspan.api;

import org.jspecify.annotations.NullMarked;
