/** Registered models: immutable versions under a name. */
@NullMarked
package io.longspan.store.model;

import org.jspecify.annotations.NullMarked;
