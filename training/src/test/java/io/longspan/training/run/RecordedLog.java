package io.longspan.training.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Keeps what it hears. */
final class RecordedLog implements RunLog {
    final List<RunStart> starts = new ArrayList<>();
    final TreeMap<Long, Double> losses = new TreeMap<>();
    final TreeMap<Long, Double> heldOut = new TreeMap<>();
    final TreeMap<Long, String> digests = new TreeMap<>();
    final TreeMap<String, TreeMap<Long, Double>> metrics = new TreeMap<>();
    final List<String> ends = new ArrayList<>();

    @Override
    public void started(RunStart start) {
        starts.add(start);
    }

    @Override
    public void metric(long step, String name, double value) {
        if (name.startsWith("tokens_") && !name.equals("tokens_per_second")) {
            metrics.computeIfAbsent(name, _ -> new TreeMap<>()).put(step, value);
            return;
        }
        switch (name) {
            case "loss" -> losses.put(step, value);
            case "held_out_loss" -> heldOut.put(step, value);
            case "learning_rate", "gradient_norm", "tokens_per_second", "waiting_share" -> {}
            case "held_out_accuracy",
                    "held_out_macro_f1",
                    "held_out_micro_f1",
                    "held_out_mse",
                    "held_out_pearson",
                    "held_out_exact_match",
                    "held_out_f1",
                    "held_out_perplexity",
                    "held_out_bits_per_token",
                    "held_out_bits_per_character" ->
                    metrics.computeIfAbsent(name, _ -> new TreeMap<>()).put(step, value);
            default -> throw new AssertionError("unknown metric " + name);
        }
    }

    @Override
    public void checkpoint(long step, Path folder, String digest) {
        digests.put(step, digest);
    }

    @Override
    public void ended(RunState state, String message) {
        ends.add(state + " " + message);
    }
}
