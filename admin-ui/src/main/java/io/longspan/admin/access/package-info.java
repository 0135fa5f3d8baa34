/**
 * Who may see the console, and as what: form login against the table of console users, three roles,
 * a brake on guessing, the headers of every answer, and the first administrator.
 */
@NullMarked
package io.longspan.admin.access;

import org.jspecify.annotations.NullMarked;
