/**
 * Jobs: requests for work with the executions, steps and failures behind them, and the form that
 * asks for more. Nothing here runs a job; it writes into the work queue and reads what became of
 * it.
 */
@NullMarked
package io.longspan.admin.jobs;

import org.jspecify.annotations.NullMarked;
