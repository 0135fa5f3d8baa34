/** The module {@code data-ingest}. */
@NullMarked
package io.longspan.ingest;

import org.jspecify.annotations.NullMarked;
