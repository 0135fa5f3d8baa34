/**
 * Which requests run together, when, and which are turned away.
 *
 * <p>{@link io.longspan.serving.schedule.WaitingLine} is the policy and nothing else: it has no
 * thread and no clock, so a test drives it through hours of virtual time. {@link
 * io.longspan.serving.schedule.Scheduler} puts threads and a clock to it: a request asks for a seat
 * before its text is tokenised, joins the line with its tokens, and runs in a batch with whatever
 * fits beside it. Batches are packed, so a request costs its own tokens, whoever shares the batch;
 * nobody waits for a batch to fill.
 */
@NullMarked
package io.longspan.serving.schedule;

import org.jspecify.annotations.NullMarked;
