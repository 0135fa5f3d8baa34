/** The log of inferences: search, latency and throughput over time, and one call in detail. */
@NullMarked
package io.longspan.admin.inferences;

import org.jspecify.annotations.NullMarked;
