package io.longspan.cli.config;

import io.longspan.store.StoreSettings;
import java.nio.file.Path;

/** Which database the configuration names. */
public final class StoreKeys {
    private StoreKeys() {}

    /**
     * The database by URL, or the embedded one of the working folder when no URL is given.
     *
     * @param state folder of the working folder's state
     * @throws UsageException when user or password stand there without a URL, or the URL is no
     *     PostgreSQL one
     */
    public static StoreSettings read(Configuration configuration, Path state) {
        String url = configuration.get(KnownKey.STORE_URL).orElse("");
        if (url.isEmpty()) {
            if (configuration.get(KnownKey.STORE_USER).isPresent()
                    || configuration.get(KnownKey.STORE_PASSWORD).isPresent()) {
                throw new UsageException(
                        "longspan.store.user or .password is set without longspan.store.url; name the database too, or remove them to use the embedded one");
            }
            return new StoreSettings.Embedded(state.resolve("postgres"));
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new UsageException(
                    "longspan.store.url is '"
                            + url
                            + "'; it must be a PostgreSQL URL, such as jdbc:postgresql://127.0.0.1:5432/longspan");
        }
        return new StoreSettings.External(
                url,
                configuration.get(KnownKey.STORE_USER).orElse(""),
                configuration.get(KnownKey.STORE_PASSWORD).orElse(""));
    }
}
