/**
 * The gRPC server of the platform.
 *
 * <p>{@link io.longspan.serving.ServingConfiguration} is all there is to import; it expects three
 * beans from whoever composes the server: an open {@link io.longspan.store.Store}, {@link
 * io.longspan.serving.ServingSettings} that say what to serve, and a {@link
 * io.longspan.serving.BackendChoice} that opens attention backends, since this module knows neither
 * backends nor their registry. {@link io.longspan.serving.ServingStatus} tells what runs where, and
 * {@link io.longspan.serving.StartFailure} turns a failed start into a sentence.
 *
 * <p>The packages beneath hold the services, the models, the tracking of calls and the spool in
 * which rows wait for the database.
 */
@NullMarked
package io.longspan.serving;

import org.jspecify.annotations.NullMarked;
