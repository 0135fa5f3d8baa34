/**
 * The gRPC services of {@code longspan.v1} that read texts, models and the log of inferences.
 *
 * <p>{@link io.longspan.serving.service.InferenceService} hands every question to {@link
 * io.longspan.serving.service.Intake}, which tokenises it on the caller's thread and puts it into
 * the scheduler's line; the scheduler's few threads are the only ones that run models. A {@code
 * Question} is what differs from method to method, its {@code Operation} is what a batch of them
 * agrees on, and a {@code TextQuestion} is one that the tokenizer alone answers. Everything that
 * goes wrong becomes a status in one place, {@link io.longspan.serving.service.Statuses}, and
 * {@link io.longspan.serving.service.StatusInterceptor} sees to it that this happens before the
 * call is measured and tracked.
 */
@NullMarked
package io.longspan.serving.service;

import org.jspecify.annotations.NullMarked;
