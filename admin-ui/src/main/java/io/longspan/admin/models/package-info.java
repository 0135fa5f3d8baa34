/** Registered models: their versions, and the run and data set that each came from. */
@NullMarked
package io.longspan.admin.models;

import org.jspecify.annotations.NullMarked;
