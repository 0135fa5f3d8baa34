package io.longspan.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a JDBC URL apart, so that a password in it ends where passwords belong: in no message. */
final class DatabaseUrl {
    private static final String SCHEME = "jdbc:postgresql:";

    private DatabaseUrl() {}

    /** The URL as it may be shown: without parameters and without a login before the host. */
    static String shown(String url) {
        String shown = url.split("\\?", 2)[0];
        int host = shown.lastIndexOf('@');
        int slashes = shown.indexOf("//");
        return host < 0 || slashes < 0 || host < slashes
                ? shown
                : shown.substring(0, slashes + 2) + shown.substring(host + 1);
    }

    /**
     * The same address with the login of the URL moved beside it.
     *
     * @throws StoreUnavailableException when the URL is none, or disagrees with what is beside it
     */
    static StoreSettings.External normal(StoreSettings.External given) {
        String[] halves = given.url().split("\\?", 2);
        if (!given.url().startsWith(SCHEME) || halves[0].contains("@")) {
            throw new StoreUnavailableException(
                    "the database URL '"
                            + shown(given.url())
                            + "' is not of the form 'jdbc:postgresql://HOST:PORT/DATABASE'; give the login as longspan.store.user and .password");
        }
        Optional<String> user = Optional.empty();
        Optional<String> password = Optional.empty();
        List<String> rest = new ArrayList<>();
        for (String parameter : halves.length == 1 ? new String[0] : halves[1].split("&")) {
            String[] pair = parameter.split("=", 2);
            String value = pair.length == 1 ? "" : decoded(pair[1], given);
            switch (pair[0]) {
                case "user" -> user = Optional.of(value);
                case "password" -> password = Optional.of(value);
                default -> rest.add(parameter);
            }
        }
        String url = halves[0] + (rest.isEmpty() ? "" : "?" + String.join("&", rest));
        return new StoreSettings.External(
                url,
                one(given.user(), user, "user", given),
                one(given.password(), password, "password", given));
    }

    private static String one(
            String beside, Optional<String> inside, String what, StoreSettings.External given) {
        if (inside.isPresent() && !beside.isEmpty() && !inside.get().equals(beside)) {
            throw new StoreUnavailableException(
                    "the database URL '"
                            + shown(given.url())
                            + "' names another "
                            + what
                            + " than longspan.store."
                            + what
                            + "; give it in one place");
        }
        return inside.orElse(beside);
    }

    private static String decoded(String value, StoreSettings.External given) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // Its message would hold the value.
            throw new StoreUnavailableException(
                    "a parameter of the database URL '"
                            + shown(given.url())
                            + "' has a '%' that no two hex digits follow; write '%25' for it");
        }
    }
}
