/** A real PostgreSQL server of the working folder, for demonstrations and tests. */
@NullMarked
package io.longspan.store.embedded;

import org.jspecify.annotations.NullMarked;
