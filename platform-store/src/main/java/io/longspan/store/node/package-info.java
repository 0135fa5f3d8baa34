/** Processes of the platform and what they serve, by heartbeat. */
@NullMarked
package io.longspan.store.node;

import org.jspecify.annotations.NullMarked;
