package io.longspan.admin.access;

import java.util.Optional;

/**
 * The administrator's password, if this start made one up. Whoever starts the application shows it
 * once, to the person at the terminal, and writes it nowhere.
 *
 * @param value the password; empty when the administrator had one or it came from the configuration
 */
public record InitialPassword(Optional<String> value) {
    @Override
    public String toString() {
        return "InitialPassword[" + (value.isPresent() ? "made up" : "none") + "]";
    }
}
