/** The module {@code admin-ui}. */
@NullMarked
package io.longspan.admin;

import org.jspecify.annotations.NullMarked;
