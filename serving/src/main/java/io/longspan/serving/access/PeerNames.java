package io.longspan.serving.access;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Names of clients that have shown a certificate. */
final class PeerNames {
    private PeerNames() {}

    /** The subject of the client's certificate, if it showed one, such as {@code CN=billing}. */
    static Optional<String> of(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(session.getPeerPrincipal().getName().replace('\0', ' '));
        } catch (SSLPeerUnverifiedException e) {
            // It was not asked for one.
            return Optional.empty();
        }
    }
}
