package io.longspan.admin.access;

import io.longspan.admin.page.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * What passwords must be, and how they are stored: by Argon2; bcrypt of earlier versions is read.
 */
public final class Passwords {
    static final int SHORTEST = 8;
    static final int LONGEST_BYTES = 1000;
    private static final String ARGON2 = "argon2@SpringSecurity_v5_8";

    private Passwords() {}

    static PasswordEncoder encoder() {
        return new DelegatingPasswordEncoder(
                ARGON2,
                Map.of(
                        ARGON2,
                        Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8(),
                        "bcrypt",
                        new BCryptPasswordEncoder()));
    }

    /** What is wrong with a password, if anything; no word of it is in the answer. */
    static Optional<String> problem(String password) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        return password.length() < SHORTEST || bytes > LONGEST_BYTES || password.isBlank()
                ? Optional.of(
                        "has "
                                + password.length()
                                + " characters ("
                                + bytes
                                + " bytes); it must have at least "
                                + SHORTEST
                                + " characters, not all blank, and at most "
                                + LONGEST_BYTES
                                + " bytes")
                : Optional.empty();
    }

    /**
     * The hash to store.
     *
     * @throws Refused when the password is too short or too long
     */
    public static String hash(String password) {
        problem(password)
                .ifPresent(what -> {
                    throw new Refused("The password " + what + ".");
                });
        return String.valueOf(encoder().encode(password));
    }

    /** Whether a password is the one of a hash. */
    public static boolean matches(String password, String hash) {
        return encoder().matches(password, hash);
    }
}
