/**
 * Trying models: one's own text through a server that runs, with tokens, times and what a token
 * attends to.
 */
@NullMarked
package io.longspan.admin.playground;

import org.jspecify.annotations.NullMarked;
