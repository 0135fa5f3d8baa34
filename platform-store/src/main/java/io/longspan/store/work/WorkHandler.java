package io.longspan.store.work;

/** Does one kind of work. Called by one thread at a time for each {@link Worker}. */
public interface WorkHandler {
    /** What it does. */
    WorkKind kind();

    /**
     * Does the work, from where an earlier attempt ended. Another attempt may be ending still on
     * another worker that has not noticed yet that it was given up: outputs have to bear that.
     *
     * @param request as it was taken
     * @param context for progress and stops
     * @return how it ended
     * @throws Exception when it fails: the request is failed with the message of a user's error, or
     *     with the exception's class and message
     */
    WorkEnd run(WorkRow request, WorkContext context) throws Exception;
}
