package io.longspan.attention.fused;

import io.longspan.attention.Availability;

/** Looks for the incubator module of the Vector API, without naming any of its types. */
final class VectorModule {
    static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    static Availability probe(ModuleLayer layer) {
        if (layer.findModule(NAME).isPresent()) {
            return new Availability.Available(
                    VectorMaths.widest() + "-bit vectors, " + System.getProperty("os.arch"));
        }
        return new Availability.Unavailable(
                "the module '" + NAME + "' is not in this JVM",
                "start Java with --add-modules " + NAME);
    }
}
