/**
 * The overview page: what one look at the store gives, and how its times and numbers are written.
 * The page is complete without a script; with one it renews itself every two seconds.
 */
@NullMarked
package io.longspan.admin.overview;

import org.jspecify.annotations.NullMarked;
