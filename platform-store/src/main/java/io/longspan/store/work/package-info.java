/**
 * The work queue: requests for ingest and training, taken by workers that prove with heartbeats
 * that they live.
 *
 * <p>Anybody submits and stops through {@link io.longspan.store.work.WorkQueue}. A {@link
 * io.longspan.store.work.Worker} takes requests, has a {@link io.longspan.store.work.WorkHandler}
 * do them and tells how they ended. Who has a request is decided by (worker, attempt) in its row:
 * whoever lost it can beat and end as much as it likes and changes nothing.
 */
@NullMarked
package io.longspan.store.work;

import org.jspecify.annotations.NullMarked;
