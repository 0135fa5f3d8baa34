package io.longspan.store.run;

import java.util.List;

/**
 * What made a run's numbers, beside its settings.
 *
 * @param codeVersion of the program that ran it last, or empty when it is not known
 * @param settingsDigest of the settings and data that the numbers depend on, SHA-256 in hex, or
 *     empty
 * @param dataDigest what tells the data from any other, or empty
 * @param parameters weights of the model, or 0 when not known
 * @param data in the order of the settings
 */
public record RunOrigin(
        String codeVersion,
        String settingsDigest,
        String dataDigest,
        long parameters,
        List<RunData> data) {
    /** Copies the list. */
    public RunOrigin {
        data = List.copyOf(data);
    }

    /** Nothing but a data set. */
    public static RunOrigin of(String dataSet) {
        return new RunOrigin("", "", "", 0, List.of(new RunData(dataSet, dataSet, 1)));
    }
}
