package io.longspan.serving.access;

import io.grpc.ServerInterceptor;
import io.longspan.serving.ServingException;
import io.longspan.serving.access.AccessSettings.Auth;
import io.longspan.store.Store;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GlobalServerInterceptor;

/**
 * Access as beans. Expects a {@link Store}, and {@link AccessSettings} where the default ones do
 * not do.
 */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final String ADDRESS = "spring.grpc.server.address";
    private static final String PAYLOADS = "longspan.serve.payloads.keep-days";

    /** Inside of what decides the status, outside of what reads a call further. */
    private static final int ACCESS = 150;

    /** Calls that may wait at the same time for the database to tell whose key they bring. */
    public static final int UNKNOWN_KEYS = KnownKeys.ASKING;

    /** Name of the interceptor that writes changes of models into the audit. */
    public static final String AUDIT = "auditInterceptor";

    @Bean
    KnownKeys knownKeys(Store store) {
        return new KnownKeys(
                KeyTable.of(store.apiKeys()), System::nanoTime, InstantSource.system());
    }

    @Bean
    KeyConfirmer keyConfirmer(KnownKeys keys) {
        return KeyConfirmer.start(keys);
    }

    /** Ends after the server, which may shake hands until then. */
    @Bean
    TlsWatch tlsWatch(ObjectProvider<AccessSettings> given, Environment environment) {
        Optional<TlsSettings> tls = given.getIfAvailable(AccessSettings::defaults).tls();
        boolean installed =
                TlsSettings.BUNDLE.equals(environment.getProperty(TlsSettings.BUNDLE_KEY));
        if (tls.isPresent() != installed) {
            throw new ServingException(
                    "TLS is "
                            + (installed ? "switched on without certificates" : "not switched on")
                            + "; give the application both the settings of TLS and their properties");
        }
        return new TlsWatch(tls.map(TlsFiles::open));
    }

    @Bean
    SslBundleRegistrar tlsBundle(TlsWatch watch) {
        return registry ->
                watch.files()
                        .ifPresent(files ->
                                registry.registerBundle(TlsSettings.BUNDLE, TlsBundle.of(files)));
    }

    /**
     * The certificates that are watched, if there are some.
     *
     * @param files closed with the bean
     */
    record TlsWatch(Optional<TlsFiles> files) implements AutoCloseable {
        @Override
        public void close() {
            files.ifPresent(TlsFiles::close);
        }
    }

    @Bean
    @GlobalServerInterceptor
    @Order(ACCESS)
    AccessInterceptor accessInterceptor(
            KnownKeys keys, ObjectProvider<AccessSettings> given, Environment environment) {
        AccessSettings settings = given.getIfAvailable(AccessSettings::defaults);
        String address = environment.getProperty(ADDRESS, "*");
        boolean loopback = isLoopback(address);
        if (!loopback
                && settings.auth() == Auth.NONE
                && environment.getProperty(PAYLOADS) != null) {
            throw new ServingException(
                    "longspan.serve.auth is 'none' and "
                            + PAYLOADS
                            + " is set, so whoever reaches '"
                            + address
                            + "' could read what others have sent; ask for keys, listen on loopback, or keep no payloads");
        }
        if (!loopback && settings.auth() == Auth.NONE) {
            LOG.warn(
                    "whoever reaches '{}' may call everything, since no keys are asked for; longspan.serve.auth=keys asks for them",
                    address);
        }
        boolean asked =
                switch (settings.auth()) {
                    case AUTO -> !loopback;
                    case KEYS -> true;
                    case NONE -> false;
                };
        if (asked && !loopback && environment.getProperty(TlsSettings.BUNDLE_KEY) == null) {
            LOG.warn(
                    "keys travel to '{}' where anybody on the way can read them; longspan.serve.tls.certificate encrypts",
                    address);
        }
        return new AccessInterceptor(
                asked, keys, new KeyMeters(settings.limits(), System::nanoTime));
    }

    /** Reads messages, so it stands around the one service that changes models. */
    @Bean(AUDIT)
    ServerInterceptor auditInterceptor(Store store) {
        return new AuditInterceptor(new AuditTrail(store.audit()));
    }

    /** What is not certainly loopback is not. */
    static boolean isLoopback(String address) {
        if (address.isBlank() || address.equals("*")) {
            return false;
        }
        try {
            InetAddress[] all = InetAddress.getAllByName(address);
            for (InetAddress one : all) {
                if (!one.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            // Nothing can listen there; the server's own start says so.
            return false;
        }
    }
}
