package io.longspan.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python that has transformers: the one that {@code -Dlongspan.python} or {@code TEST_PYTHON}
 * names, or else {@code python3} on the path. A named one has to work; without one the test is
 * skipped, with the reason.
 */
final class PythonProcess {
    private final String interpreter;

    private PythonProcess(String interpreter) {
        this.interpreter = interpreter;
    }

    static PythonProcess withTransformers(Path scratch) throws IOException, InterruptedException {
        String named = System.getProperty("longspan.python", System.getenv("TEST_PYTHON"));
        PythonProcess python = new PythonProcess(named == null ? "python3" : named);
        String problem = python.problem(scratch);
        if (problem != null && named == null) {
            Assumptions.abort(
                    "TEST_PYTHON is not set, and python3 on the path does not import transformers, torch and safetensors: "
                            + problem);
        }
        if (problem != null) {
            throw new AssertionError("'" + named + "' was named and does not work: " + problem);
        }
        return python;
    }

    /** Why it cannot be used. */
    private @Nullable String problem(Path scratch) throws InterruptedException {
        try {
            run(scratch, "-c", "import transformers, torch, safetensors");
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** What it printed; a failure is an IOException with the end of what it complained. */
    String run(Path scratch, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(interpreter));
        command.addAll(List.of(arguments));
        Path out = scratch.resolve("python.out");
        Path err = scratch.resolve("python.err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        try {
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                throw new IOException("no answer within 180 s");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String complaint = Files.readString(err).strip();
            throw new IOException(complaint.substring(Math.max(0, complaint.length() - 2000)));
        }
        return Files.readString(out);
    }
}
