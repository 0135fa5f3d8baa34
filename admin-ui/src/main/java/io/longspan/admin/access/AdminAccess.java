package io.longspan.admin.access;

import io.longspan.admin.AdminConfiguration;
import io.longspan.admin.AdminInputException;
import io.longspan.store.Store;
import io.longspan.store.user.ConsoleUser;
import java.util.Optional;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Sees to it that somebody can log in: the user {@code admin}. */
public final class AdminAccess {
    /** Name of the first administrator. */
    public static final String ADMIN = "admin";

    private AdminAccess() {}

    /**
     * Makes the user {@code admin} if it is missing, and gives it the configured password if there
     * is one. Safe in two processes at once: only one of them makes a password up.
     *
     * @param configured the password that the configuration names
     * @return the password that was made up here, if one was
     * @throws AdminInputException when the configured password cannot be used
     */
    public static InitialPassword prepare(Store store, Optional<String> configured) {
        configured.ifPresent(AdminAccess::check);
        PasswordEncoder encoder = encoder();
        Optional<ConsoleUser> stored = store.users().find(ADMIN);
        if (configured.isPresent()) {
            String password = configured.get();
            if (stored.isEmpty() || !encoder.matches(password, stored.get().passwordHash())) {
                store.users().put(user(encoder, password));
            }
            return new InitialPassword(Optional.empty());
        }
        if (stored.isPresent()) {
            return new InitialPassword(Optional.empty());
        }
        String password = ReadablePassword.random();
        boolean ours = store.users().add(user(encoder, password));
        return new InitialPassword(ours ? Optional.of(password) : Optional.empty());
    }

    static PasswordEncoder encoder() {
        return Passwords.encoder();
    }

    private static ConsoleUser user(PasswordEncoder encoder, String password) {
        return new ConsoleUser(ADMIN, String.valueOf(encoder.encode(password)), Role.ADMIN.name());
    }

    private static void check(String password) {
        Passwords.problem(password)
                .ifPresent(what -> {
                    throw new AdminInputException(
                            "the password in '" + AdminConfiguration.PASSWORD_KEY + "' " + what);
                });
    }
}
