package io.longspan.bench;

/** The number of threads that libtorch works with, so that every contender has the same. */
public final class EngineThreads {
    private static final String PROPERTY = "ai.djl.pytorch.num_threads";

    private EngineThreads() {}

    /**
     * Sets it for this process. It counts when the engine is loaded, so call it before anything
     * looks for backends; afterwards it changes nothing.
     */
    public static void set(int threads) {
        System.setProperty(PROPERTY, Integer.toString(threads));
    }
}
