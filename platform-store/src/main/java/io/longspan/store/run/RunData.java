package io.longspan.store.run;

/**
 * A data set that a run reads.
 *
 * @param name in the run's metrics
 * @param folder of the data set, or the file of examples
 * @param weight its share, as a multiple of the other data sets' weights
 */
public record RunData(String name, String folder, double weight) {}
