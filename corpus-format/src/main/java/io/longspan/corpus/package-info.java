/** The module {@code corpus-format}. */
@NullMarked
package io.longspan.corpus;

import org.jspecify.annotations.NullMarked;
