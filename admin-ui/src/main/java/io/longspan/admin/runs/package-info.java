/** Training runs: the table with chosen columns, one run live, and several compared. */
@NullMarked
package io.longspan.admin.runs;

import org.jspecify.annotations.NullMarked;
