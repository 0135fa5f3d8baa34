package io.longspan.serving.model;

import io.grpc.Status;
import io.longspan.model.Quoted;
import io.longspan.serving.BackendChoice;
import io.longspan.serving.ServedModelSpec;
import io.longspan.serving.ServingException;
import io.longspan.store.model.ModelRow;
import io.longspan.store.model.Models;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open models by name. Thread-safe; closed after the last call has returned. */
public final class ServedModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    private final SortedMap<String, ServedModel> models = new TreeMap<>();

    private ServedModels() {}

    /**
     * Opens, registers and warms every model; when one fails, none stays open.
     *
     * @throws ServingException when a version is registered with other weights
     */
    public static ServedModels open(
            List<ServedModelSpec> specs, BackendChoice backends, Models registered) {
        ServedModels all = new ServedModels();
        boolean complete = false;
        try {
            for (ServedModelSpec spec : specs) {
                ServedModel model = ServedModel.open(spec, backends);
                all.models.put(spec.name(), model);
                register(model, registered);
                LOG.info(
                        "model '{}' version '{}' is ready: {} tokens, attention backend {} {}",
                        model.name(),
                        model.version(),
                        model.session().longest(),
                        model.backend().name(),
                        model.backend().version());
            }
            complete = true;
            return all;
        } finally {
            if (!complete) {
                all.close();
            }
        }
    }

    /** All, by name. */
    public Collection<ServedModel> all() {
        return models.values();
    }

    /**
     * The model that a client asks for.
     *
     * @param name empty for the only one
     * @param version empty for the one that is served
     * @throws io.grpc.StatusRuntimeException NOT_FOUND, or INVALID_ARGUMENT when no name was given
     *     and there are several
     */
    public ServedModel find(String name, String version) {
        if (name.isEmpty() && models.size() > 1) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(
                            "no model is named, and this server has several; name one of "
                                    + names())
                    .asRuntimeException();
        }
        ServedModel model = name.isEmpty() ? models.firstEntry().getValue() : models.get(name);
        if (model == null) {
            throw Status.NOT_FOUND
                    .withDescription(
                            "model " + Quoted.of(name) + " is not served here; served: " + names())
                    .asRuntimeException();
        }
        if (!version.isEmpty() && !version.equals(model.version())) {
            throw Status.NOT_FOUND
                    .withDescription(
                            "version "
                                    + Quoted.of(version)
                                    + " of model '"
                                    + model.name()
                                    + "' is not served here; served: '"
                                    + model.version()
                                    + "'")
                    .asRuntimeException();
        }
        return model;
    }

    private String names() {
        return "'" + String.join("', '", models.keySet()) + "'";
    }

    private static void register(ServedModel model, Models registered) {
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

    @Override
    public void close() {
        models.values().forEach(ServedModel::close);
        models.clear();
    }
}
