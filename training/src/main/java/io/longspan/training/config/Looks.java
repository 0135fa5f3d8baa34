package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.util.Map;

/**
 * How a run measures itself, and what it keeps.
 *
 * @param share of the data that is held out, 0 for none
 * @param every steps between two looks at them; 0 for only before the first and after the last
 *     step; -1 for once an epoch
 * @param blocks most blocks that are scored
 * @param checkpointEvery steps between two checkpoints; 0 for only at the end
 * @param keepCheckpoints how many of the newest are kept
 * @param best what the measurements decide
 */
public record Looks(
        double share,
        int every,
        int blocks,
        int checkpointEvery,
        int keepCheckpoints,
        BestRule best) {
    /**
     * Checks.
     *
     * @throws ModelInputException naming the setting that is not allowed
     */
    public Looks {
        Need.that(share >= 0 && share < 1, "evaluation_share", share, "at least 0 and below 1");
        Need.that(blocks >= 1, "evaluation_blocks", blocks, "1 or more");
        Need.that(keepCheckpoints >= 1, "keep_checkpoints", keepCheckpoints, "1 or more");
    }

    static Looks parse(Settings from, double usualShare, int usualEvery) {
        return new Looks(
                from.number("evaluation_share", usualShare),
                from.text("evaluation_every") == null
                        ? usualEvery
                        : from.count("evaluation_every", 0),
                from.count("evaluation_blocks", 64),
                from.count("checkpoint_every", 500),
                from.count("keep_checkpoints", 2),
                BestRule.parse(from));
    }

    void put(Map<String, String> all) {
        all.put("evaluation_share", Double.toString(share));
        if (every >= 0) {
            all.put("evaluation_every", Integer.toString(every));
        }
        all.put("checkpoint_every", Integer.toString(checkpointEvery));
        all.put("keep_checkpoints", Integer.toString(keepCheckpoints));
        best.put(all);
    }
}
