/**
 * The gRPC servers that live, and how the console calls them: with the key and the trust of its own
 * configuration, never on behalf of an address that a reader made up.
 */
@NullMarked
package io.longspan.admin.servers;

import org.jspecify.annotations.NullMarked;
