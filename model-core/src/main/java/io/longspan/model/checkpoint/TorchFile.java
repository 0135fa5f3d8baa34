package io.longspan.model.checkpoint;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.checkpoint.pickle.PickleDict;
import io.longspan.model.checkpoint.pickle.Unpickler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A file of {@code torch.save}, such as {@code pytorch_model.bin}, memory-mapped: a zip archive
 * with a pickle that lists the tensors and an entry per storage. The pickle goes through {@link
 * TorchWorld}, so that it can describe tensors and do nothing else. Everything is checked on
 * opening; values are read from disk when they are used, and copied only where a tensor does not
 * lie row by row. Entries of the dictionary that are no tensors are left out. Thread-safe.
 */
public final class TorchFile implements TensorSource {
    private final Path path;
    private final Arena arena;
    private final SortedMap<String, Entry> tensors;

    private record Entry(TensorInfo info, TorchView view, MemorySegment stored) {}

    private TorchFile(Path path, Arena arena, SortedMap<String, Entry> tensors) {
        this.path = path;
        this.arena = arena;
        this.tensors = tensors;
    }

    /**
     * Opens a file; the caller closes it.
     *
     * @throws ModelInputException naming the file and what is wrong with it, or what it asked for
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the file that is returned
    public static TorchFile open(Path path) {
        long size = InputFiles.size(path);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            TorchFile file = new TorchFile(path, arena, tensors(TorchArchive.read(channel, all)));
            arena = null;
            return file;
        } catch (ModelInputException e) {
            throw e.in(path);
        } catch (IOException e) {
            throw InputFiles.unreadable(path, e);
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }

    private static SortedMap<String, Entry> tensors(TorchArchive archive) {
        Object result = Unpickler.load(archive.list(Unpickler.MOST_BYTES), new TorchWorld());
        SortedMap<String, Entry> tensors = new TreeMap<>();
        stateDict(result)
                .forEach((key, value) -> {
                    if (key instanceof String name && value instanceof TorchView view) {
                        TensorInfo info = view.info(name);
                        tensors.put(name, new Entry(info, view, archive.values(view.storage())));
                    }
                });
        if (tensors.isEmpty()) {
            throw new ModelInputException(
                    "the file holds no tensors by name; save a model's state_dict, or its weights as"
                            + " safetensors");
        }
        return tensors;
    }

    /** The dictionary of tensors; training frameworks put it under a key of that name. */
    private static Map<Object, Object> stateDict(Object result) {
        if (!(result instanceof PickleDict dict)) {
            throw new ModelInputException(
                    "the file holds something other than a dictionary of tensors; save a model's"
                            + " state_dict, or its weights as safetensors");
        }
        return dict.entries().get("state_dict") instanceof PickleDict inner
                ? inner.entries()
                : dict.entries();
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(tensors.keySet()));
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public StoredTensor get(String name) {
        Entry entry = entry(name);
        return new StoredTensor(
                entry.info(), entry.view().rowMajor(entry.stored(), entry.info().elements()));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private Entry entry(String name) {
        Entry entry = tensors.get(name);
        if (entry == null) {
            throw new ModelInputException(
                    "'" + path + "' holds no tensor " + Quoted.of(name) + "; check the file");
        }
        return entry;
    }
}
