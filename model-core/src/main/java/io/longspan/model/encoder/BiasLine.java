package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.tensor.TensorBridge;

/** A bias of the moment it was made. Threads may share it. */
final class BiasLine {
    private final float[] bias;

    BiasLine(NDArray bias) {
        this.bias = TensorBridge.floats(bias);
    }

    /** Adds it to the first numbers of a line. */
    void addTo(float[] line) {
        LineSums.add(line, bias, bias.length);
    }
}
