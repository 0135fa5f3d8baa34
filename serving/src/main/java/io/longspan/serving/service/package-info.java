/**
 * The gRPC services of {@code longspan.v1} that read texts, models and the log of inferences.
 *
 * <p>{@link io.longspan.serving.service.InferenceService} tokenises on the caller's thread and
 * hands the model's work to {@link io.longspan.serving.service.ComputePool}, whose few threads are
 * the only ones that run models; a {@code Question} is what differs from method to method, and a
 * {@code TextQuestion} where the tokenizer alone answers. Everything that goes wrong becomes a
 * status in one place, {@link io.longspan.serving.service.Statuses}, and {@link
 * io.longspan.serving.service.StatusInterceptor} sees to it that this happens before the call is
 * measured and tracked.
 */
@NullMarked
package io.longspan.serving.service;

import org.jspecify.annotations.NullMarked;
