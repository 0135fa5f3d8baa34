package io.longspan.cli;

import io.grpc.Status;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a server was not reached and what to do, where gRPC says no more than that there was an
 * exception. Its causes are all that tells one reason from another.
 */
final class Unreached {
    /** What gRPC says of a connection that ended before the server had answered. */
    private static final String CLOSED = "Network closed for unknown reason";

    /** The same, where the end was an exception. */
    private static final String BROKEN = "io exception";

    private Unreached() {}

    /**
     * A sentence, where it is known.
     *
     * @param status with the cause that gRPC gave it
     * @param encrypted whether the call was to be encrypted
     */
    static Optional<String> reason(Status status, boolean encrypted) {
        if (status.getCode() != Status.Code.UNAVAILABLE) {
            return Optional.empty();
        }
        Throwable cause = status.getCause();
        if (find(cause, ConnectException.class).isPresent()) {
            return Optional.of("nobody listens there; check --target, and that the server runs");
        }
        if (find(cause, UnknownHostException.class).isPresent()) {
            return Optional.of("there is no host of this name; check --target");
        }
        if (find(cause, CertificateExpiredException.class).isPresent()) {
            return Optional.of("the server's certificate has expired; have it renewed");
        }
        if (find(cause, CertPathBuilderException.class).isPresent()
                || find(cause, CertPathValidatorException.class).isPresent()) {
            return Optional.of(
                    "nobody whom this call believes has signed the server's certificate; name the file of those who have with --ca");
        }
        Optional<String> certificate =
                find(cause, CertificateException.class).map(Throwable::getMessage);
        if (certificate.isPresent()) {
            return Optional.of(
                    "the server's certificate is not for the host that --target names ("
                            + certificate.get()
                            + "); call it by a name that is in the certificate");
        }
        Optional<String> tls = find(cause, SSLException.class).map(Throwable::getMessage);
        if (tls.isPresent()) {
            return Optional.of(tls(tls.get()));
        }
        String description = String.valueOf(status.getDescription());
        if (!description.startsWith(CLOSED) && !description.startsWith(BROKEN)) {
            return Optional.empty();
        }
        return Optional.of(
                encrypted
                        ? "the server broke the connection off; give --cert and --cert-key if it asks for a certificate"
                        : "the server broke the connection off; if it encrypts, give --tls, or --ca with the file of those who signed its certificate");
    }

    private static String tls(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("not an ssl/tls record")) {
            return "the server does not encrypt; leave out --tls and --ca";
        }
        return "encryption could not begin ("
                + message
                + "); check --tls and --ca, and give --cert and --cert-key if the server asks for a certificate";
    }

    private static Optional<Throwable> find(
            @Nullable Throwable thrown, Class<? extends Throwable> kind) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
