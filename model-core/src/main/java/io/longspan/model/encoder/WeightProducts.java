package io.longspan.model.encoder;

import io.longspan.model.linear.Matrix;
import io.longspan.model.linear.MatrixProducts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gradients of weights as one job: each is cut into a part per thread by its outputs. */
final class WeightProducts {
    private static final int LEAST = 16;

    private final MatrixProducts products;
    private final List<Runnable> parts = new ArrayList<>();

    WeightProducts(MatrixProducts products) {
        this.products = products;
    }

    /**
     * One more.
     *
     * @param dy [R, out]
     * @param x [R, in]
     * @param gradient of the weight, [out, in], added to; null where it gathers none
     */
    WeightProducts with(Matrix dy, Matrix x, @Nullable Matrix gradient) {
        if (gradient != null) {
            int out = dy.columns();
            int part = Math.ceilDiv(Math.ceilDiv(out, products.threads()), LEAST) * LEAST;
            for (int first = 0; first < out; first += part) {
                int from = first;
                int count = Math.min(part, out - first);
                parts.add(() -> products.toWeight(dy, x, from, count, gradient));
            }
        }
        return this;
    }

    /** Does all. */
    void run() {
        products.run(parts.size(), (item, _) -> parts.get(item).run());
    }
}
