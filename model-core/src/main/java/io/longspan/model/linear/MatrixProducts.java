package io.longspan.model.linear;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.longspan.attention.compute.ComputeCrew;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * Float32 products of matrices as they lie in memory, for weights that change from step to step:
 * oneDNN's {@code dnnl_sgemm}. A product runs on the thread that asks for it; {@link #run} shares
 * out items that ask. The same product of the same sizes gives the same bits each time.
 */
public final class MatrixProducts {
    private static final byte AS_IT_IS = 'N';
    private static final byte TRANSPOSED = 'T';

    private final OneDnnEngine engine;
    private final MethodHandle multiply;

    MatrixProducts(OneDnnEngine engine) {
        this.engine = engine;
        multiply =
                engine.dnn()
                        .bind(
                                "dnnl_sgemm",
                                FunctionDescriptor.of(
                                        JAVA_INT,
                                        JAVA_BYTE,
                                        JAVA_BYTE,
                                        JAVA_LONG,
                                        JAVA_LONG,
                                        JAVA_LONG,
                                        JAVA_FLOAT,
                                        ADDRESS,
                                        JAVA_LONG,
                                        ADDRESS,
                                        JAVA_LONG,
                                        JAVA_FLOAT,
                                        ADDRESS,
                                        JAVA_LONG));
    }

    /** How many threads items are shared out to. */
    public int threads() {
        return engine.crew().threads();
    }

    /**
     * Does all items, which may ask for products, and returns when the last is done.
     *
     * @param items how many
     */
    public void run(int items, ComputeCrew.Job job) {
        engine.run(items, job);
    }

    /**
     * What a linear layer does: x Wt.
     *
     * @param x [R, K]
     * @param w [C, K]
     * @param y [R, C], written
     */
    public void applied(Matrix x, Matrix w, Matrix y) {
        requireEqual(x.columns(), w.columns());
        requireSize(y, x.rows(), w.rows());
        multiply(AS_IT_IS, TRANSPOSED, x, w, x.columns(), false, y);
    }

    /**
     * What comes back to the input of a linear layer: dy W.
     *
     * @param dy [R, K]
     * @param w [K, C]
     * @param add to what {@code dx} holds, instead of writing
     * @param dx [R, C]
     */
    public void toInput(Matrix dy, Matrix w, boolean add, Matrix dx) {
        requireEqual(dy.columns(), w.rows());
        requireSize(dx, dy.rows(), w.columns());
        multiply(AS_IT_IS, AS_IT_IS, dy, w, dy.columns(), add, dx);
    }

    /**
     * What comes back to some outputs of the weight of a linear layer: dyt x, added.
     *
     * @param dy [R, K]
     * @param x [R, C]
     * @param first of the columns of {@code dy}
     * @param count of them
     * @param dw [K, C], whose rows from the first on are added to
     */
    public void toWeight(Matrix dy, Matrix x, int first, int count, Matrix dw) {
        requireEqual(dy.rows(), x.rows());
        requireSize(dw, dy.columns(), x.columns());
        Matrix part = new Matrix(dy.memory(), dy.start() + first, dy.rows(), count, dy.pitch());
        multiply(TRANSPOSED, AS_IT_IS, part, x, dy.rows(), true, dw.part(first, count));
    }

    private void multiply(
            byte left, byte right, Matrix a, Matrix b, long depth, boolean add, Matrix c) {
        try {
            int status =
                    (int)
                            multiply.invokeExact(
                                    left,
                                    right,
                                    (long) c.rows(),
                                    (long) c.columns(),
                                    depth,
                                    1f,
                                    a.address(),
                                    (long) a.pitch(),
                                    b.address(),
                                    (long) b.pitch(),
                                    add ? 1f : 0f,
                                    c.address(),
                                    (long) c.pitch());
            if (status != 0) {
                throw new OneDnnException("dnnl_sgemm", status);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_sgemm threw", e);
        }
    }

    private static void requireSize(Matrix matrix, int rows, int columns) {
        requireEqual(matrix.rows(), rows);
        requireEqual(matrix.columns(), columns);
    }

    private static void requireEqual(int size, int other) {
        if (size != other) {
            throw new IllegalArgumentException(
                    "sizes " + size + " and " + other + " of a product must be equal");
        }
    }
}
