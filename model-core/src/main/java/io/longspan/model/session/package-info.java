/**
 * Texts in, answers out: what a server or a bulk command asks of an open model.
 *
 * <p>{@link io.longspan.model.session.InferenceSession} joins a model, its tokenizer and an
 * attention backend. A question has two phases, so that a server can time and queue them apart:
 * {@code tokenize} turns a text into a {@link io.longspan.model.session.TokenizedText} and refuses
 * what cannot be answered, {@code fillMask} and {@code embed} run the model on a batch of such
 * texts. Batches are packed, one sequence per text, without padding; which tokens are global is
 * what the checkpoint stores, or else its task's rule. Refusals are {@link
 * io.longspan.model.session.InferenceRefusedException}s with a reason that a server can map.
 */
@NullMarked
package io.longspan.model.session;

import org.jspecify.annotations.NullMarked;
