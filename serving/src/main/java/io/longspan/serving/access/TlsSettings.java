package io.longspan.serving.access;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the server proves who it is, and whom it asks to do the same. The files are read again when
 * they change; connections that are open go on as they are.
 *
 * @param certificate file in PEM: the server's certificate, then those that it was signed with
 * @param key file in PEM: the private key of the first one, as PKCS #8 without a password
 * @param clientAuthorities file in PEM: certificates of those who sign clients; when given, a
 *     client without a certificate of theirs does not get through
 */
public record TlsSettings(Path certificate, Path key, Optional<Path> clientAuthorities) {
    static final String BUNDLE = "longspan";
    static final String BUNDLE_KEY = "spring.grpc.server.ssl.bundle";

    /** The properties that the application which these settings are a bean of has to have. */
    public Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(BUNDLE_KEY, BUNDLE);
        if (clientAuthorities.isPresent()) {
            properties.put("spring.grpc.server.ssl.client-auth", "require");
        }
        return properties;
    }
}
