/**
 * The loss curve of a run: its points as the browser fetches them piece by piece, and a drawing of
 * them made here for browsers without a script.
 */
@NullMarked
package io.longspan.admin.chart;

import org.jspecify.annotations.NullMarked;
