/**
 * The models that a server holds.
 *
 * <p>{@link io.longspan.serving.model.ServedModels} opens every model while the server starts: its
 * weights, its tokenizer and an attention backend of its own. It registers the version in the store
 * and runs the model once, so that the first caller does not wait for native libraries. The port
 * opens after that, so a server that answers is a server that is ready.
 */
@NullMarked
package io.longspan.serving.model;

import org.jspecify.annotations.NullMarked;
