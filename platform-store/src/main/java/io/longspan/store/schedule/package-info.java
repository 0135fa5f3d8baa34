/**
 * Ingests that come back by a cron expression. A schedule is a row; any number of processes look
 * for schedules that are due. Who finds one locks its row, puts a request into the work queue and
 * sets the next time, in one transaction: each time is handed in once, whatever dies.
 */
@NullMarked
package io.longspan.store.schedule;

import org.jspecify.annotations.NullMarked;
