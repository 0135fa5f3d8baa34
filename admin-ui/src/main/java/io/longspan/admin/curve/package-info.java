/**
 * Curves of several series over one axis: read from the store, smoothed, thinned, and written as
 * JSON for the page's script or as SVG for readers without one. Both come from the same numbers.
 */
@NullMarked
package io.longspan.admin.curve;

import org.jspecify.annotations.NullMarked;
