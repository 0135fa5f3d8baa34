package io.longspan.serving.model;

import io.longspan.serving.ServingException;
import io.longspan.store.model.ModelRow;
import io.longspan.store.model.Models;
import java.time.Instant;
import java.util.OptionalLong;

/** Writes versions down, so that none ever changes its meaning. */
record Registration(Models registered) {
    /**
     * Registers a version.
     *
     * @throws ServingException when it is registered with other weights
     */
    void register(ServedModel model) {
        boolean same =
                registered.register(
                        new ModelRow(
                                model.name(),
                                model.version(),
                                model.spec().folder().toAbsolutePath().normalize().toString(),
                                model.digest(),
                                model.model().task().key(),
                                model.model().config().modelType().key(),
                                model.parameters(),
                                model.session().longest(),
                                OptionalLong.empty(),
                                Instant.now()));
        if (!same) {
            throw new ServingException(
                    "version '"
                            + model.version()
                            + "' of model '"
                            + model.name()
                            + "' is registered with other weights than those in '"
                            + model.spec().folder()
                            + "'; a version never changes, so serve these under a new one");
        }
    }
}
