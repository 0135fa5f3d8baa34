package io.longspan.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The load in a process of its own. Arguments: target, model, longest text in tokens. Reads lines
 * {@code callers rate warm seconds deadline seed}, a rate of 0 for callers that wait for their
 * answers, and answers each with a line of its result. Ends with its input.
 */
public final class ServeLoadMain {
    private ServeLoadMain() {}

    /** Loads until its input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] word = line.split(" ", -1);
                double rate = Double.parseDouble(word[1]);
                double warm = Double.parseDouble(word[2]);
                double seconds = Double.parseDouble(word[3]);
                double deadline = Double.parseDouble(word[4]);
                long seed = Long.parseLong(word[5]);
                Cores cores = new Cores();
                try (Load load =
                        new Load(
                                arguments[0],
                                arguments[1],
                                Integer.parseInt(arguments[2]),
                                Integer.parseInt(word[0]))) {
                    LoadResult result =
                            rate > 0
                                    ? load.open(rate, warm, seconds, deadline, seed)
                                    : load.closed(warm, seconds, deadline, seed);
                    System.out.println(result.withCores(cores.taken(), 0).line());
                }
            }
        }
    }
}
