package io.longspan.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.longspan.model.tensor.MklFullSpeed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * DJL's linear in a process of its own, since MKL can be told what to do only before libtorch is
 * loaded. Reads lines {@code rows in out}, answers each with the nanoseconds of one call. The first
 * answer says whether MKL runs at full speed. Its only argument is the mode.
 */
public final class EngineLinearMain {
    private EngineLinearMain() {}

    private record Layer(NDArray input, NDArray weight, NDArray bias) {
        static Layer of(NDManager manager, String[] numbers) {
            long rows = Long.parseLong(numbers[0]);
            long in = Long.parseLong(numbers[1]);
            long out = Long.parseLong(numbers[2]);
            return new Layer(
                    manager.randomNormal(new Shape(rows, in)),
                    manager.randomNormal(new Shape(out, in)),
                    manager.randomNormal(new Shape(out)));
        }

        long nanoseconds() {
            long begin = System.nanoTime();
            Linear.linear(input, weight, bias).singletonOrThrow().close();
            return System.nanoTime() - begin;
        }
    }

    /** Answers until its input ends. */
    public static void main(String[] arguments) throws IOException {
        MklFullSpeed.Outcome outcome = MklFullSpeed.apply(MklFullSpeed.Mode.valueOf(arguments[0]));
        System.out.println(outcome.on() + " " + outcome.reason());
        Map<String, Layer> layers = new HashMap<>();
        try (NDManager manager = NDManager.newBaseManager();
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Layer layer =
                        layers.computeIfAbsent(line, key -> Layer.of(manager, key.split(" ", 3)));
                System.out.println(layer.nanoseconds());
            }
        }
    }
}
