package io.longspan.serving;

import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server in a process of its own, to be killed. Prints the port. */
final class ServerProcess {
    /** Environment variable with the password of the database. */
    static final String PASSWORD = "LONGSPAN_TEST_DATABASE_PASSWORD";

    private ServerProcess() {}

    public static void main(String[] arguments) {
        StoreSettings database =
                new StoreSettings.External(arguments[0], arguments[1], System.getenv(PASSWORD));
        ServedModelSpec model =
                new ServedModelSpec("tiny", Optional.empty(), Path.of(arguments[2]));
        TestServer server =
                new TestServer(
                        Store.open(database),
                        ServingSettings.of(List.of(model), Path.of(arguments[3])),
                        TestModels.backends("chunks"));
        System.out.println("port " + server.address.getPort());
    }
}
