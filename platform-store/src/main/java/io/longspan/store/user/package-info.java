/** People who may log in to the console. */
@NullMarked
package io.longspan.store.user;

import org.jspecify.annotations.NullMarked;
