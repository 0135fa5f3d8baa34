package io.longspan.admin.access;

import io.longspan.admin.AdminConfiguration;
import io.longspan.admin.AdminInputException;
import io.longspan.store.Store;
import io.longspan.store.user.ConsoleUser;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Sees to it that somebody can log in: the user {@code admin}. */
public final class AdminAccess {
    /** Name of the first administrator. */
    public static final String ADMIN = "admin";

    private static final int SHORTEST = 8;

    /** What bcrypt takes in; more would be cut off unseen. */
    private static final int LONGEST_BYTES = 72;

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

    /** Writes bcrypt, reads whatever is named in front of a hash. */
    static PasswordEncoder encoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    private static ConsoleUser user(PasswordEncoder encoder, String password) {
        return new ConsoleUser(ADMIN, String.valueOf(encoder.encode(password)), Role.ADMIN.name());
    }

    private static void check(String password) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (password.length() < SHORTEST || bytes > LONGEST_BYTES || password.isBlank()) {
            throw new AdminInputException(
                    "the password in '"
                            + AdminConfiguration.PASSWORD_KEY
                            + "' has "
                            + password.length()
                            + " characters ("
                            + bytes
                            + " bytes); it must have at least "
                            + SHORTEST
                            + " characters, not all blank, and at most "
                            + LONGEST_BYTES
                            + " bytes");
        }
    }
}
