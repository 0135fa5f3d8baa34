package io.longspan.cli.role;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.admin.backends.BackendProbe;
import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.attention.registry.SelectionRow;
import io.longspan.model.encoder.AttentionRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tests and times the backends of this process.
 *
 * @param chooser stays the caller's
 */
public record ProcessProbe(BackendChooser chooser) implements BackendProbe {
    /** Float32 over some hundred keys is an order of magnitude nearer. */
    private static final double ALLOWED = 1e-4;

    private static final double MILLIS = 1e3;

    @Override
    public List<String> backends() {
        return chooser.rows().stream()
                .filter(SelectionRow::usable)
                .map(SelectionRow::name)
                .toList();
    }

    @Override
    public String measured() {
        return LayerTimer.describe(chooser.crew().threads());
    }

    @Override
    public Found probe(String backend, Runnable goOn) {
        List<String> wrong = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        double worst = 0;
        int right = 0;
        String version = "";
        for (SelfTestCase asked : SelfTestCase.all()) {
            goOn.run();
            try (SelectedBackend opened = open(backend, asked.work())) {
                version = opened.version();
                double error = error(asked, opened);
                if (error <= ALLOWED) {
                    right++;
                    worst = Math.max(worst, error);
                } else {
                    wrong.add(String.format(Locale.ROOT, "%s: off by %.3g", asked.name(), error));
                }
            } catch (AttentionConfigurationException | UnsupportedWorkloadException e) {
                refused.add(asked.name() + ": " + e.getMessage());
            }
        }
        double[] seconds = {0, 0, 0};
        goOn.run();
        try (SelectedBackend opened = open(backend, LayerTimer.work())) {
            seconds = LayerTimer.seconds(opened.backend(), goOn);
        } catch (AttentionConfigurationException | UnsupportedWorkloadException e) {
            refused.add("the timed layer: " + e.getMessage());
        }
        return new Found(
                backend,
                version,
                right,
                wrong,
                refused,
                worst,
                MILLIS * seconds[seconds.length / 2],
                MILLIS * seconds[0],
                MILLIS * seconds[seconds.length - 1],
                "");
    }

    private SelectedBackend open(String backend, List<Workload> work) {
        SelectedBackend opened = chooser.openNamed(backend, work);
        if (!opened.name().equals(backend)) {
            opened.close();
            throw new UnsupportedWorkloadException(
                    backend, List.of("cannot do it; '" + opened.name() + "' would do it instead"));
        }
        return opened;
    }

    private static double error(SelfTestCase asked, SelectedBackend opened) {
        float[] query = asked.tensor(1);
        float[] key = asked.tensor(2);
        float[] value = asked.tensor(3);
        Shape shape =
                new Shape(
                        asked.layout().tokens(),
                        asked.pattern().heads(),
                        SelfTestCase.HEAD_SIZE); // [T, H, D]
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray output =
                    AttentionRun.once(
                            opened.backend(),
                            manager.create(query, shape),
                            manager.create(key, shape),
                            manager.create(value, shape),
                            asked.layout(),
                            asked.pattern());
            return asked.error(query, key, value, output.toFloatArray());
        }
    }
}
