package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.store.Store;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command over the schedules of the store. */
abstract class OnSchedules implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Override
    public final Integer call() throws IOException {
        Configuration configuration = common.configuration();
        try (Store store = StoreAccess.open(configuration)) {
            return run(store, configuration);
        }
    }

    abstract int run(Store store, Configuration configuration) throws IOException;

    final void tell(Map<String, Object> json, String text) {
        common.console().result(json, text);
    }
}
