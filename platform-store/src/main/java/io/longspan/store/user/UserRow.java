package io.longspan.store.user;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who may log in, without the password.
 *
 * @param name to log in with
 * @param role VIEWER, OPERATOR or ADMIN
 * @param disabled whether the login is refused
 * @param createdAt when the user was made
 * @param lastLoginAt when the user last logged in
 */
public record UserRow(
        String name,
        String role,
        boolean disabled,
        Instant createdAt,
        Optional<Instant> lastLoginAt) {}
