/**
 * Texts in, answers out: what a server or a bulk command asks of an open model.
 *
 * <p>{@link io.longspan.model.session.InferenceSession} joins a model, its tokenizer and an
 * attention backend. A question has two phases, so that a server can time and queue them apart:
 * {@code tokenize} turns a text into a {@link io.longspan.model.session.TokenizedText} and refuses
 * what cannot be answered; {@code fillMask}, {@code embed}, {@code classify}, {@code
 * classifyTokens}, {@code answer} and {@code choose} run the model on a batch of such texts, and
 * its head where answers are read and nowhere else. Batches are packed, one sequence per text,
 * without padding; which tokens are global is what the checkpoint stores, or else its task's rule.
 * Refusals are {@link io.longspan.model.session.InferenceRefusedException}s with a reason that a
 * server can map.
 */
@NullMarked
package io.longspan.model.session;

import org.jspecify.annotations.NullMarked;
