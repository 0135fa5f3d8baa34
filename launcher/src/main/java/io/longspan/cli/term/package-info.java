/** What commands print with: results and notes, tables, progress. */
@NullMarked
package io.longspan.cli.term;

import org.jspecify.annotations.NullMarked;
