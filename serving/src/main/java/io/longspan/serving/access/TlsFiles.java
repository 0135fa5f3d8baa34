package io.longspan.serving.access;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.CertificateUtils;
import io.longspan.serving.ServingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates as their files say. Looks at the files every few seconds; what cannot be used, such
 * as a certificate whose key is not there yet, changes nothing. Closed by whoever opened it.
 */
final class TlsFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final byte[] PROBE = {1, 2, 3};

    private final TlsSettings settings;
    private final AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
    private final Optional<AdvancedTlsX509TrustManager> clients;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("tls-files").factory());
    private String seen = "";

    private TlsFiles(TlsSettings settings) throws GeneralSecurityException {
        this.settings = settings;
        clients =
                settings.clientAuthorities().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                AdvancedTlsX509TrustManager.newBuilder()
                                        // A client has no host name.
                                        .setVerification(
                                                AdvancedTlsX509TrustManager.Verification
                                                        .CERTIFICATE_ONLY_VERIFICATION)
                                        .build());
    }

    /**
     * Reads the files, and goes on looking at them.
     *
     * @throws ServingException saying what cannot be used
     */
    static TlsFiles open(TlsSettings settings) {
        try {
            TlsFiles files = new TlsFiles(settings);
            files.load();
            files.seen = files.contents();
            ScheduledFuture<?> _ =
                    files.thread.scheduleWithFixedDelay(
                            files::look, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
            return files;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ServingException(
                    "the certificate '"
                            + settings.certificate()
                            + "' with the key '"
                            + settings.key()
                            + "' cannot be used ("
                            + e.getMessage()
                            + "); give files in PEM, the key as PKCS #8 without a password");
        }
    }

    KeyManager identity() {
        return identity;
    }

    Optional<TrustManager> clients() {
        return clients.map(TrustManager.class::cast);
    }

    private void look() {
        try {
            String now = contents();
            if (now.equals(seen)) {
                return;
            }
            load();
            seen = now;
            LOG.info("TLS certificate '{}' is read again", settings.certificate());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn(
                    "TLS certificate '{}' has changed and cannot be used yet; the one before stays: {}",
                    settings.certificate(),
                    e.getMessage());
        }
    }

    private String contents() throws IOException {
        StringBuilder all = new StringBuilder();
        all.append(Files.readString(settings.certificate()));
        all.append(Files.readString(settings.key()));
        if (settings.clientAuthorities().isPresent()) {
            all.append(Files.readString(settings.clientAuthorities().get()));
        }
        return all.toString();
    }

    private void load() throws IOException, GeneralSecurityException {
        X509Certificate[] chain = certificates(settings.certificate());
        PrivateKey key =
                CertificateUtils.getPrivateKey(
                        new ByteArrayInputStream(Files.readAllBytes(settings.key())));
        if (!belong(chain[0].getPublicKey(), key)) {
            throw new GeneralSecurityException("the key is not that of the first certificate");
        }
        if (clients.isPresent()) {
            clients.get()
                    .updateTrustCredentials(
                            certificates(settings.clientAuthorities().orElseThrow()));
        }
        identity.updateIdentityCredentials(chain, key);
    }

    private static X509Certificate[] certificates(Path file)
            throws IOException, GeneralSecurityException {
        X509Certificate[] found =
                CertificateUtils.getX509Certificates(
                        new ByteArrayInputStream(Files.readAllBytes(file)));
        if (found.length == 0) {
            throw new GeneralSecurityException("'" + file + "' holds no certificate");
        }
        return found;
    }

    /** Files change one after the other; half of a pair would break every handshake. */
    private static boolean belong(PublicKey open, PrivateKey key) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA", "Ed25519" -> "Ed25519";
                    default -> "SHA256with" + key.getAlgorithm();
                };
        if (!open.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(PROBE);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(open);
        checking.update(PROBE);
        return checking.verify(signature);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
