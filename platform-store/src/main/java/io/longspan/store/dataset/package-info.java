/** Data sets: folders of token shards that ingest has built. */
@NullMarked
package io.longspan.store.dataset;

import org.jspecify.annotations.NullMarked;
