package io.longspan.model.checkpoint;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One safetensors file, memory-mapped: 8 bytes with the header's length (little-endian), the header
 * as JSON, the values. Everything the header says is checked on opening; values are read from disk
 * when they are used. Files beyond 2 GiB work. Thread-safe.
 */
public final class SafetensorsFile implements TensorSource {
    /** The longest header that is read, in bytes; the limit of the reference implementation. */
    static final long LARGEST_HEADER = 100_000_000;

    private static final int LENGTH_BYTES = Long.BYTES;

    private final Path path;
    private final Arena arena;
    private final MemorySegment values;
    private final SafetensorsHeader header;

    private SafetensorsFile(
            Path path, Arena arena, MemorySegment values, SafetensorsHeader header) {
        this.path = path;
        this.arena = arena;
        this.values = values;
        this.header = header;
    }

    /**
     * Opens a file; the caller closes it.
     *
     * @throws ModelInputException naming the file and what is wrong with it
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the file that is returned
    public static SafetensorsFile open(Path path) {
        long size = InputFiles.size(path);
        Arena arena = Arena.ofShared();
        try {
            SafetensorsFile file = open(path, size, arena);
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

    private static SafetensorsFile open(Path path, long size, Arena arena) throws IOException {
        if (size < LENGTH_BYTES) {
            throw new ModelInputException(
                    "the file has "
                            + size
                            + " bytes; a safetensors file has at least 8, so get it again");
        }
        MemorySegment all;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        }
        long length = all.get(LittleEndian.LONG, 0);
        long rest = size - LENGTH_BYTES;
        if (length < 2 || length > LARGEST_HEADER || length > rest) {
            throw new ModelInputException(
                    "the header's length is "
                            + Long.toUnsignedString(length)
                            + " bytes; 2 to "
                            + Math.min(LARGEST_HEADER, rest)
                            + " are possible, so this is no safetensors file or it is cut off");
        }
        if (all.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES) != '{') {
            throw new ModelInputException(
                    "the header does not begin with a brace; this is no safetensors file");
        }
        byte[] json = all.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        SafetensorsHeader header = HeaderParser.parse(json);
        MemorySegment values = all.asSlice(LENGTH_BYTES + length);
        Coverage.check(header.tensors().values(), values.byteSize());
        return new SafetensorsFile(path, arena, values, header);
    }

    @Override
    public Path path() {
        return path;
    }

    /** Free texts of the file by key; usually {@code format: pt}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(header.tensors().keySet()));
    }

    @Override
    public TensorInfo info(String name) {
        return extent(name).info();
    }

    @Override
    public StoredTensor get(String name) {
        Extent extent = extent(name);
        long size = extent.end() - extent.begin();
        return new StoredTensor(extent.info(), values.asSlice(extent.begin(), size));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private Extent extent(String name) {
        Extent extent = header.tensors().get(name);
        if (extent == null) {
            throw new ModelInputException(
                    "'" + path + "' holds no tensor " + Quoted.of(name) + "; check the file");
        }
        return extent;
    }
}
