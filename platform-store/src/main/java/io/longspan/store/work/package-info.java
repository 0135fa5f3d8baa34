/**
 * The work queue: requests for ingest and training, taken by workers that prove with heartbeats
 * that they live.
 */
@NullMarked
package io.longspan.store.work;

import org.jspecify.annotations.NullMarked;
