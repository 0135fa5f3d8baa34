package io.longspan.serving.access;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Certificates that change, in the form that Boot hands to gRPC. Boot's own bundles can be read
 * again too, but its gRPC server asks them only once.
 */
final class TlsBundle {
    private TlsBundle() {}

    static SslBundle of(TlsFiles files) {
        return SslBundle.of(
                null,
                null,
                null,
                null,
                SslManagerBundle.of(
                        new Fixed(files.identity()),
                        files.clients()
                                .map(clients ->
                                        SslManagerBundle.from(clients).getTrustManagerFactory())
                                .orElseGet(TlsBundle::usual)));
    }

    private static TrustManagerFactory usual() {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform trusts somebody", e);
        }
    }

    private static final class Fixed extends KeyManagerFactory {
        Fixed(KeyManager manager) {
            super(new Spi(manager), new Own(), "fixed");
        }
    }

    private static final class Own extends Provider {
        private static final long serialVersionUID = 1;

        Own() {
            super("Longspan", "1", "certificates that change");
        }
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final KeyManager manager;

        Spi(KeyManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
            // It has its manager.
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {
            // It has its manager.
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }
}
