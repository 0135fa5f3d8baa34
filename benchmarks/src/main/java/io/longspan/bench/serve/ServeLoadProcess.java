package io.longspan.bench.serve;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A running {@link ServeLoadMain}. Ends with its closing. */
final class ServeLoadProcess implements AutoCloseable {
    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader results;

    ServeLoadProcess(String target, String model, int most) {
        try {
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx512m",
                                    "-XX:+UseSerialGC",
                                    // It shares its cores with what it measures, and compiling
                                    // better would take more of them than it saves.
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ServeLoadMain.class.getName(),
                                    target,
                                    model,
                                    Integer.toString(most))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("could not start Java for the load", e);
        }
        orders =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        results =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Loads the server.
     *
     * @param rate requests per second; 0 for callers that wait for their answers
     * @param warm seconds before the counted ones
     * @param deadline of each request, in seconds
     */
    LoadResult load(
            int callers, double rate, double warm, double seconds, double deadline, long seed) {
        Cores cores = new Cores();
        try {
            orders.write(
                    callers + " " + rate + " " + warm + " " + seconds + " " + deadline + " " + seed
                            + "\n");
            orders.flush();
            for (String line = results.readLine(); line != null; line = results.readLine()) {
                // Logging goes to the same place.
                if (LoadResult.isLine(line)) {
                    LoadResult result = LoadResult.parse(line);
                    return result.withCores(result.loadCores(), cores.taken());
                }
            }
            throw new IOException("no result");
        } catch (IOException e) {
            throw new UncheckedIOException("the process with the load ended", e);
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
            process.waitFor();
        } catch (IOException gone) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
