/**
 * The models that a server holds.
 *
 * <p>{@link io.longspan.serving.model.ServedModels} opens a model with its weights, its tokenizer
 * and an attention backend of its own. It registers the version in the store and runs the model
 * once, so that the first caller does not wait for native libraries. At start the port opens after
 * that, so a server that answers is a server that is ready; later it happens beside the versions
 * that are served, and only then does the name point at the new one. Whoever uses a model holds a
 * {@link io.longspan.serving.model.Lease}; a version that was taken out is closed with the last.
 */
@NullMarked
package io.longspan.serving.model;

import org.jspecify.annotations.NullMarked;
