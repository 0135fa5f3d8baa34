package io.longspan.cli;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.longspan.cli.config.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a client believes a server, and shows who it is. */
final class TlsOptions {
    @Option(
            names = "--tls",
            description =
                    "Encrypt, and believe servers that those sign whom this Java platform trusts.")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Encrypt, and believe servers that the certificates of this file sign, in PEM. Default: longspan.call.ca.")
    private @Nullable Path authorities;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "Certificate to show, in PEM, for servers that ask for one.")
    private @Nullable Path certificate;

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            description = "Private key of --cert, in PEM as PKCS #8.")
    private @Nullable Path certificateKey;

    /** Whether calls are encrypted. */
    boolean encrypts() {
        return tls || authorities != null;
    }

    /**
     * As the options say.
     *
     * @param usual file of certificates that servers are believed by where no option says how
     * @throws UsageException when they do not fit together, or a file cannot be read
     */
    ChannelCredentials credentials(Optional<Path> usual) {
        Path shown = certificate;
        Path key = certificateKey;
        Path believed = authorities != null || tls ? authorities : usual.orElse(null);
        if ((shown == null) != (key == null)) {
            throw new UsageException("--cert and --cert-key go together; give both or none");
        }
        if (!tls && believed == null) {
            if (shown != null) {
                throw new UsageException(
                        "--cert shows a certificate to servers that encrypt; give --tls or --ca with it");
            }
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        try {
            if (believed != null) {
                builder.trustManager(believed.toFile());
            }
            if (shown != null && key != null) {
                builder.keyManager(shown.toFile(), key.toFile());
            }
        } catch (IOException e) {
            throw new UsageException(
                    "a file of --ca (or longspan.call.ca), --cert or --cert-key cannot be read ("
                            + e.getMessage()
                            + ")",
                    e);
        }
        return builder.build();
    }
}
