package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.StoreKeys;
import io.longspan.store.Store;
import java.io.IOException;

/** Opens the database that the configuration names, for commands. */
final class StoreAccess {
    private StoreAccess() {}

    /**
     * Opens it; the caller closes it.
     *
     * @throws io.longspan.store.StoreUnavailableException saying why it cannot be used
     */
    static Store open(Configuration configuration) throws IOException {
        return Store.open(StoreKeys.read(configuration, StateFolder.open()));
    }
}
