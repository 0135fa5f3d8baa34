/** People who may log in, keys with which programs call, and who did what: for administrators. */
@NullMarked
package io.longspan.admin.people;

import org.jspecify.annotations.NullMarked;
