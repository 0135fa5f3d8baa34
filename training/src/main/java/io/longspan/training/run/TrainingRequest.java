package io.longspan.training.run;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.TokenSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run to be made or taken up.
 *
 * @param config what to do
 * @param backend open; stays the caller's
 * @param backendName written down with the run
 * @param backendVersion written down with the run
 * @param data to train on, the caller's: one for each data set of the configuration, in its order;
 *     none where the objective reads files of its own
 * @param crew of this process, the caller's; null for one of the run's own
 */
public record TrainingRequest(
        TrainingConfig config,
        AttentionBackend backend,
        String backendName,
        String backendVersion,
        List<TokenSource> data,
        @Nullable ComputeCrew crew) {
    /** A run on a crew of its own. */
    public TrainingRequest(
            TrainingConfig config,
            AttentionBackend backend,
            String backendName,
            String backendVersion,
            List<TokenSource> data) {
        this(config, backend, backendName, backendVersion, data, null);
    }

    /** Copies the list. */
    public TrainingRequest {
        data = List.copyOf(data);
    }

    /** The tokens of an objective that needs some. */
    List<TokenSource> tokens() {
        if (data.isEmpty()) {
            throw new IllegalArgumentException(
                    "objective " + config.objective().key() + " needs a data set");
        }
        return data;
    }
}
