package io.longspan.cli.demo;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where demos lie: a numbered folder per run under {@code demo} of the state folder, so that a run
 * never meets the leavings of another. The last complete run is kept for {@code serve --demo}.
 *
 * @param path of the run
 */
record DemoFolder(Path path) {
    private static final String PREFIX = "run-";

    /** Stands in the folder of a run whose model is complete; holds the checkpoint's path. */
    private static final String COMPLETE = "model.txt";

    /** A new run's folder. */
    static DemoFolder create(Path state) throws IOException {
        Path home = Files.createDirectories(state.resolve("demo"));
        int next = runs(home).stream().mapToInt(DemoFolder::number).max().orElse(0) + 1;
        while (true) {
            try {
                return new DemoFolder(
                        Files.createDirectory(home.toRealPath().resolve(PREFIX + next)));
            } catch (FileAlreadyExistsException e) {
                next++;
            }
        }
    }

    /** The checkpoint of the last complete run. */
    static Optional<Path> latestModel(Path state) throws IOException {
        List<Path> runs = runs(state.resolve("demo"));
        for (Path run : runs.reversed()) {
            Path mark = run.resolve(COMPLETE);
            if (Files.isRegularFile(mark)) {
                Path checkpoint = Path.of(Files.readString(mark).strip());
                if (Files.isDirectory(checkpoint)) {
                    return Optional.of(checkpoint);
                }
            }
        }
        return Optional.empty();
    }

    /** Notes that the run's model is complete. */
    void complete(Path checkpoint) throws IOException {
        Files.writeString(path.resolve(COMPLETE), checkpoint + "\n");
    }

    Path data() {
        return path.resolve("data");
    }

    Path roberta() {
        return path.resolve("roberta");
    }

    Path longformer() {
        return path.resolve("longformer");
    }

    /** Named as the model is, for a run's output names its model. */
    Path training() {
        return path.resolve(DemoModel.NAME);
    }

    private static List<Path> runs(Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(home)) {
            return entries.filter(entry -> number(entry) > 0)
                    .sorted(Comparator.comparingInt(DemoFolder::number))
                    .toList();
        }
    }

    private static int number(Path run) {
        String name = run.getFileName().toString();
        return name.matches(PREFIX + "[0-9]{1,9}")
                ? Integer.parseInt(name.substring(PREFIX.length()))
                : 0;
    }
}
