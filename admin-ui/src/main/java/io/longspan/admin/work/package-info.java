/** What the page lets an operator do: stop a request for work, or queue it again. */
@NullMarked
package io.longspan.admin.work;

import org.jspecify.annotations.NullMarked;
