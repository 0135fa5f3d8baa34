package io.longspan.store.user;

/**
 * Somebody who may log in to the console.
 *
 * @param name to log in with
 * @param passwordHash with the algorithm in front, such as {@code {bcrypt}...}; never printed
 * @param role VIEWER, OPERATOR or ADMIN
 */
public record ConsoleUser(String name, String passwordHash, String role) {
    @Override
    public String toString() {
        return "ConsoleUser[name=" + name + ", role=" + role + "]";
    }
}
