/**
 * Ingests that come back: when they come next, and pausing, running, making up and deleting them.
 */
@NullMarked
package io.longspan.admin.schedules;

import org.jspecify.annotations.NullMarked;
