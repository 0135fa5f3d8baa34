package io.longspan.serving.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * Tokens that each caller has had, as start-time fair queueing counts them: whoever has had fewest
 * is next. A caller that was away starts at what the last one served had, so absence earns nothing
 * and costs nothing.
 */
final class FairShares {
    private static final int FEW = 64;

    private final Map<String, Share> shares = new HashMap<>();
    private long virtual;

    private static final class Share {
        private long served;
        private int waiting;
    }

    /** One more job of a caller waits. */
    void arrives(String caller) {
        Share share = shares.computeIfAbsent(caller, _ -> new Share());
        if (share.waiting++ == 0) {
            share.served = Math.max(share.served, virtual);
        }
    }

    /** A waiting job is gone without having been served. */
    void leaves(String caller) {
        of(caller).waiting--;
        forget();
    }

    /** A waiting job is served. */
    void serves(String caller, int tokens) {
        Share share = of(caller);
        virtual = Math.max(virtual, share.served);
        share.served += tokens;
        share.waiting--;
        forget();
    }

    /** What a caller with a waiting job has had. */
    long served(String caller) {
        return of(caller).served;
    }

    private Share of(String caller) {
        Share share = shares.get(caller);
        if (share == null) {
            throw new IllegalStateException("no job of this caller waits");
        }
        return share;
    }

    /** Those who are away and would start at the same point without their entry. */
    private void forget() {
        if (shares.size() > FEW) {
            shares.values().removeIf(s -> s.waiting == 0 && s.served <= virtual);
        }
    }
}
