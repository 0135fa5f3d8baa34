package io.longspan.training.run;

import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run: {@code step-00000100} and so on, each a checkpoint in Hugging Face's layout
 * with {@code training-state} in it. Held by one process at a time.
 */
final class RunFolder implements AutoCloseable {
    static final String STATE = "training-state";

    private static final Pattern NAME = Pattern.compile("step-\\d{8,}");
    private static final String LOCK = ".lock";

    private final Path folder;
    private final FileChannel lock;

    private RunFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes the folder, which is made when missing, and removes what a killed process left half
     * done.
     *
     * @throws ModelInputException when the path is a file or another process holds the folder
     */
    static RunFolder open(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ModelInputException(
                    "training output '" + folder + "' is a file; name a folder");
        }
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new ModelInputException(
                        "training output '"
                                + folder
                                + "' is in use by another run; wait for its end, stop it, or name another folder");
            }
            NewFolder.sweep(folder);
            return new RunFolder(folder, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be opened", e);
        }
    }

    /** Makes the folder for what a run goes on from, in a new checkpoint. */
    static Path makeState(Path made) {
        Path state = made.resolve(STATE);
        try {
            return Files.createDirectory(state);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + state + "' cannot be made", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The checkpoint of the highest step. */
    Optional<Path> newest() {
        List<Path> all = checkpoints();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** Where the checkpoint of a step lies. */
    Path at(long step) {
        return folder.resolve(String.format(Locale.ROOT, "step-%08d", step));
    }

    /** Makes the checkpoint of a step, which appears when the filler is done. */
    Path write(long step, Consumer<Path> filler) {
        Path checkpoint = at(step);
        NewFolder.write(checkpoint, filler);
        return checkpoint;
    }

    /**
     * Removes all checkpoints but the newest few.
     *
     * @param best one that stays whatever its age, or null
     */
    void keep(int newest, @Nullable Path best) {
        List<Path> all = checkpoints();
        all.subList(0, Math.max(0, all.size() - newest)).stream()
                .filter(checkpoint -> !checkpoint.equals(best))
                .forEach(NewFolder::remove);
    }

    private List<Path> checkpoints() {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> NAME.matcher(entry.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be read", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder.resolve(LOCK) + "' cannot be closed", e);
        }
    }
}
