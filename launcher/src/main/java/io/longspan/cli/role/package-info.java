/**
 * What one process of the platform does besides running a single command: the worker that takes
 * ingest and training from the queue, the gRPC server, the console; and the adapters that let
 * modules which do not know each other work together, such as {@link
 * io.longspan.cli.role.StoreRunLog} between the trainer and the store.
 */
@NullMarked
package io.longspan.cli.role;

import org.jspecify.annotations.NullMarked;
