/** Training runs, their metrics and their checkpoints. */
@NullMarked
package io.longspan.store.run;

import org.jspecify.annotations.NullMarked;
