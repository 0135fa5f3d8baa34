/**
 * The web console: one page over what the store remembers, a JSON interface to the same, and the
 * login in front of both.
 *
 * <p>{@link io.longspan.admin.AdminConfiguration} is what an application imports. {@code access}
 * holds the login, {@code overview} the page, {@code chart} the loss curve, {@code work} the two
 * actions, {@code api} the JSON. Nothing here runs a job or a trainer: the console reads the store
 * and asks the work queue.
 */
@NullMarked
package io.longspan.admin;

import org.jspecify.annotations.NullMarked;
