package io.longspan.store.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link ServerUser} in a process of its own. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;

    private ChildJvm(Process process) {
        this.process = process;
        said = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it and does not wait. */
    static ChildJvm start(Path folder, String... prefix) throws IOException {
        return start(List.of(prefix), List.of(folder.toString()));
    }

    /** Starts one that opens a store and waits for a signal. */
    static ChildJvm startCommand(Path folder) throws IOException {
        return start(List.of(), List.of(folder.toString(), "command"));
    }

    private static ChildJvm start(List<String> prefix, List<String> arguments) throws IOException {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> line = new ArrayList<>(prefix);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classPath));
        line.add(ServerUser.class.getName());
        line.addAll(arguments);
        return new ChildJvm(
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Waits until it has opened the server; gives the server's URL. */
    String opened() throws IOException {
        String line = said.readLine();
        if (line == null || !line.startsWith("open ")) {
            throw new IOException("the child said " + line);
        }
        return line.substring("open ".length());
    }

    /** Waits until it was refused; gives the message. */
    String refused() throws IOException {
        String line = said.readLine();
        if (line == null || !line.startsWith("refused ")) {
            throw new IOException("the child said " + line);
        }
        return line.substring("refused ".length());
    }

    String ask(String sql) throws IOException {
        process.outputWriter().write(sql + "\n");
        process.outputWriter().flush();
        return said.readLine();
    }

    /** Ends the child in order and waits. */
    void finish() throws IOException, InterruptedException {
        if (!"closed".equals(ask("close")) || !process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("the child did not close");
        }
    }

    /** The signal that no process survives or notices. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** The signal that asks a process to end, as Ctrl-C does. */
    void terminate() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
