package io.longspan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command in a process of its own, with a working folder of its own, as a user starts it. What
 * is closed while it runs is killed.
 */
final class Child implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Process process;
    private final Path out;
    private final Path err;

    private Child(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts the command in a folder. */
    static Child start(Path folder, Object... arguments) {
        return startUnder("", folder, arguments);
    }

    /**
     * Starts the command in a folder under a limit.
     *
     * @param limit shell command to run first, such as {@code ulimit -f 10}
     */
    static Child startUnder(String limit, Path folder, Object... arguments) {
        List<String> command = new ArrayList<>();
        if (!limit.isEmpty()) {
            command.addAll(List.of("bash", "-c", limit + "; exec \"$0\" \"$@\""));
        }
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx1g",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dai.djl.offline=true",
                        // A limit on file sizes must not hit the JVM's own files.
                        "-XX:-UsePerfData",
                        "-Dlongspan.home=" + Path.of("..").toAbsolutePath().normalize(),
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        Longspan.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            Path out = Files.createTempFile(folder, "child", ".out");
            Path err = Files.createTempFile(folder, "child", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            // As the start script does.
            builder.environment().remove("OMP_NUM_THREADS");
            builder.environment().put("OMP_WAIT_POLICY", "passive");
            return new Child(builder.start(), out, err);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Runs the command to its end. */
    static Cli run(Path folder, Object... arguments) {
        try (Child child = start(folder, arguments)) {
            return child.end();
        }
    }

    /** Waits for the end. */
    Cli end() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("it did not end; it said " + err());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return new Cli(process.exitValue(), out(), err());
    }

    /** Waits for the line of JSON with which a role says that it is up. */
    JsonNode up() {
        waitFor(c -> c.out().endsWith("}\n"));
        return MAPPER.readTree(out());
    }

    /** Waits for something, looking often. */
    void waitFor(Predicate<Child> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(this)) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError(
                        "it did not happen; alive "
                                + process.isAlive()
                                + ", it said "
                                + out()
                                + err());
            }
            pause();
        }
    }

    /** A moment between two looks at something. */
    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it as an operator does, and waits. */
    Cli terminate() {
        process.destroy();
        return end();
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        end();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
