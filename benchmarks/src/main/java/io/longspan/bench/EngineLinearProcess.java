package io.longspan.bench;

import io.longspan.model.tensor.MklFullSpeed;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A running {@link EngineLinearMain}. Ends with its closing. */
final class EngineLinearProcess implements AutoCloseable {
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;
    private final String outcome;

    EngineLinearProcess(MklFullSpeed.Mode mode, int threads) {
        ProcessBuilder start =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dai.djl.offline=true",
                                "-Dai.djl.pytorch.num_threads=" + threads,
                                "-cp",
                                System.getProperty("java.class.path"),
                                EngineLinearMain.class.getName(),
                                mode.name())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        start.environment().put("OMP_WAIT_POLICY", "passive");
        start.environment().put("OPT_OUT_TRACKING", "true");
        try {
            process = start.start();
            questions =
                    new BufferedWriter(
                            new OutputStreamWriter(
                                    process.getOutputStream(), StandardCharsets.UTF_8));
            answers =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            outcome = answer();
        } catch (IOException e) {
            throw new UncheckedIOException("could not start Java for DJL's linear", e);
        }
    }

    /** Whether MKL is at full speed there. */
    boolean fullSpeed() {
        return outcome.startsWith("true");
    }

    /** Why, or why not. */
    String reason() {
        return outcome.substring(outcome.indexOf(' ') + 1);
    }

    /** Seconds of one call. */
    double seconds(int rows, int in, int out) {
        try {
            questions.write(rows + " " + in + " " + out + "\n");
            questions.flush();
            return Long.parseLong(answer()) / 1e9;
        } catch (IOException e) {
            throw new UncheckedIOException("the process with DJL's linear ended", e);
        }
    }

    /** The next line that is an answer; logging goes to the same place. */
    private String answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.matches("\\d+|(true|false) .*")) {
                return line;
            }
        }
        throw new IOException("no answer");
    }

    @Override
    public void close() {
        try {
            questions.close();
            process.waitFor();
        } catch (IOException gone) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
