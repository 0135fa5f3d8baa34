/**
 * The demo: real books through ingest, a new model, pretraining, serving and a tracked answer, on
 * the same roads that users take: the work queue, a worker, a socket, a second look into the
 * database.
 */
@NullMarked
package io.longspan.cli.demo;

import org.jspecify.annotations.NullMarked;
