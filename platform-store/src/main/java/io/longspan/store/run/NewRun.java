package io.longspan.store.run;

/**
 * What is known of a run when it begins or goes on.
 *
 * @param name for people
 * @param objective such as {@code masked-lm}
 * @param config all of its settings, as JSON
 * @param output folder of its checkpoints
 * @param dataSet folder of the data set; of several, all of them for people
 * @param backend attention backend that runs it
 * @param backendVersion its version
 * @param totalSteps steps in all
 * @param origin what makes its numbers
 */
public record NewRun(
        String name,
        String objective,
        String config,
        String output,
        String dataSet,
        String backend,
        String backendVersion,
        long totalSteps,
        RunOrigin origin) {
    /** A run of one data set, of which no more is known. */
    public NewRun(
            String name,
            String objective,
            String config,
            String output,
            String dataSet,
            String backend,
            String backendVersion,
            long totalSteps) {
        this(
                name,
                objective,
                config,
                output,
                dataSet,
                backend,
                backendVersion,
                totalSteps,
                RunOrigin.of(dataSet));
    }
}
