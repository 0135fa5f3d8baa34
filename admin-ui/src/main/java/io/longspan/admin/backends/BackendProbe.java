package io.longspan.admin.backends;

import java.util.List;

/**
 * Tests and times attention backends in the console's own process. The application that starts the
 * console brings it as a bean; without one the console has no such button.
 */
public interface BackendProbe {
    /** Names of the backends that can run here, in the order of their priority. */
    List<String> backends();

    /**
     * Tests a backend against plain arithmetic, then times it. Takes seconds. Called by one thread
     * at a time, except that a call that hangs goes on while other backends are tested.
     *
     * @param backend one of {@link #backends()}
     * @param goOn to be run between cases and between timed runs; throws {@link
     *     java.util.concurrent.CancellationException} when the test's time is over or the console
     *     ends, which the probe lets through
     */
    Found probe(String backend, Runnable goOn);

    /** What is timed, in words: tokens, heads, window, threads. */
    String measured();

    /**
     * What came of it.
     *
     * @param backend name
     * @param version of the backend
     * @param right cases whose answer was right
     * @param wrong cases whose answer was wrong, by name with the largest error
     * @param refused cases that the backend says it cannot do, by name with the reason
     * @param worst largest error of the right cases, of answers near 1
     * @param medianMillis of the timed runs; 0 when they were not made
     * @param minMillis of the timed runs
     * @param maxMillis of the timed runs
     * @param problem why it could not be tried, or nothing
     */
    record Found(
            String backend,
            String version,
            int right,
            List<String> wrong,
            List<String> refused,
            double worst,
            double medianMillis,
            double minMillis,
            double maxMillis,
            String problem) {
        /** Copies the lists. */
        public Found {
            wrong = List.copyOf(wrong);
            refused = List.copyOf(refused);
        }

        /** One that could not be tried. */
        public static Found failed(String backend, String problem) {
            return new Found(backend, "", 0, List.of(), List.of(), 0, 0, 0, 0, problem);
        }

        /** One word for it. */
        public String state() {
            return problem.isEmpty() && wrong.isEmpty() ? "DONE" : "FAILED";
        }
    }
}
