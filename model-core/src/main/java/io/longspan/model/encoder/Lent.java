package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * An array lent to a scope: DJL puts the result of an operation into the manager of its first
 * operand, so an input has to live in the scope for as long as temporaries are made from it.
 * Closing brings it home, also when an operation failed.
 */
public record Lent(NDArray array, NDManager home) implements AutoCloseable {
    /** Lends the array to the scope. */
    public static Lent to(NDManager scope, NDArray array) {
        NDManager home = array.getManager();
        array.attach(scope);
        return new Lent(array, home);
    }

    /** Moves a result out of the scope to where the lent array came from. */
    public NDArray giveBack(NDArray result) {
        result.attach(home);
        return result;
    }

    @Override
    public void close() {
        array.attach(home);
    }
}
