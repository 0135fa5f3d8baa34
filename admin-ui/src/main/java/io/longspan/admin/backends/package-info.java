/**
 * Attention backends: how processes chose theirs, what each can do, and what a configuration lets a
 * token see.
 */
@NullMarked
package io.longspan.admin.backends;

import org.jspecify.annotations.NullMarked;
