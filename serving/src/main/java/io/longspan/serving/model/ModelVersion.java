package io.longspan.serving.model;

/**
 * One version of a model.
 *
 * @param name of the model
 * @param version of it
 */
public record ModelVersion(String name, String version) {
    @Override
    public String toString() {
        return "version '" + version + "' of model '" + name + "'";
    }
}
