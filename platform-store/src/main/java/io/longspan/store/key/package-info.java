/**
 * Keys with which programs call. A key is {@code ls_PREFIX_SECRET}: the prefix finds the row, and
 * of the whole only a SHA-256 is kept. The secret has 256 random bits, so a fast hash is enough.
 */
@NullMarked
package io.longspan.store.key;

import org.jspecify.annotations.NullMarked;
