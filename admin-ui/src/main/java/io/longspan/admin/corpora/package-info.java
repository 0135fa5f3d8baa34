/**
 * Data sets: what was written and what was left out for which reason, and what they came from and
 * led to.
 */
@NullMarked
package io.longspan.admin.corpora;

import org.jspecify.annotations.NullMarked;
