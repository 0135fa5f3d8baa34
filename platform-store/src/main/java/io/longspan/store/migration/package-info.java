/** The schema, as Flyway migrations. */
@NullMarked
package io.longspan.store.migration;

import org.jspecify.annotations.NullMarked;
