/**
 * The console's JSON under {@code /api/v1}: the same facts as the page, behind the same login, and
 * what every answer says when the database is away.
 */
@NullMarked
package io.longspan.admin.api;

import org.jspecify.annotations.NullMarked;
