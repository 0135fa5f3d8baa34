package io.longspan.store.run;

/**
 * What is known of a run when it begins or goes on.
 *
 * @param name for people
 * @param objective such as {@code masked-lm}
 * @param config all of its settings, as JSON
 * @param output folder of its checkpoints
 * @param dataSet folder of the data set
 * @param backend attention backend that runs it
 * @param backendVersion its version
 * @param totalSteps steps in all
 */
public record NewRun(
        String name,
        String objective,
        String config,
        String output,
        String dataSet,
        String backend,
        String backendVersion,
        long totalSteps) {}
