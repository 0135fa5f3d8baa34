/** The console's own process: configuration in force, versions, migrations and room. */
@NullMarked
package io.longspan.admin.system;

import org.jspecify.annotations.NullMarked;
