package io.longspan.serving.schedule;

/** A job of a test; told apart by its number. */
record TestJob(
        int number,
        String caller,
        int priority,
        int tokens,
        String lot,
        String machine,
        long deadlineNanos)
        implements Job {
    static final long NEVER = Long.MAX_VALUE / 4;

    static TestJob of(int number, String caller, int priority, int tokens) {
        return new TestJob(number, caller, priority, tokens, "lot", "machine", NEVER);
    }

    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public void late() {
        throw new IllegalStateException("the policy calls nobody");
    }
}
