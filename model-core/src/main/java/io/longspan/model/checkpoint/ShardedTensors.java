package io.longspan.model.checkpoint;

import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of several files, named by an index such as {@code model.safetensors.index.json} or
 * {@code pytorch_model.bin.index.json}. Thread-safe.
 */
final class ShardedTensors implements TensorSource {
    private static final long LARGEST_INDEX = 64L << 20;

    private final Path index;
    private final SortedMap<String, TensorSource> fileOfTensor;

    private ShardedTensors(Path index, SortedMap<String, TensorSource> fileOfTensor) {
        this.index = index;
        this.fileOfTensor = fileOfTensor;
    }

    /**
     * Opens an index and the files that it names.
     *
     * @param extension that the files have, with its dot
     * @param opener of one file
     */
    static ShardedTensors open(
            Path index, String extension, Function<Path, ? extends TensorSource> opener) {
        byte[] json = InputFiles.read(index, LARGEST_INDEX);
        SortedMap<String, TensorSource> shards = new TreeMap<>();
        SortedMap<String, TensorSource> fileOfTensor = new TreeMap<>();
        boolean complete = false;
        try {
            weightMap(json, extension)
                    .forEach((tensor, name) -> {
                        TensorSource shard =
                                shards.computeIfAbsent(
                                        name, file -> opener.apply(index.resolveSibling(file)));
                        // Asking is the check: the shard refuses a name it does not hold.
                        shard.info(tensor);
                        fileOfTensor.put(tensor, shard);
                    });
            complete = true;
        } catch (ModelInputException e) {
            throw e.in(index);
        } finally {
            if (!complete) {
                shards.values().forEach(TensorSource::close);
            }
        }
        return new ShardedTensors(index, fileOfTensor);
    }

    private static Map<String, String> weightMap(byte[] json, String extension) {
        JsonNode map = InputJson.object(json).get("weight_map");
        if (map == null || !map.isObject() || map.isEmpty()) {
            throw new ModelInputException(
                    "weight_map is missing or empty; it must map tensor names to files, so get the"
                            + " index again");
        }
        Map<String, String> found = new TreeMap<>();
        map.properties().forEach(e -> found.put(e.getKey(), fileName(e.getValue(), extension)));
        return found;
    }

    private static String fileName(@Nullable JsonNode value, String extension) {
        String name = value != null && value.isString() ? value.stringValue() : "";
        // A shard lies beside its index; anything else would let an index name files elsewhere.
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*") || !name.endsWith(extension)) {
            throw new ModelInputException(
                    "weight_map names the file "
                            + Quoted.plain(String.valueOf(value))
                            + "; it must be the plain name of a "
                            + extension
                            + " file beside the index");
        }
        return name;
    }

    @Override
    public Path path() {
        return index;
    }

    @Override
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(fileOfTensor.keySet()));
    }

    @Override
    public TensorInfo info(String name) {
        return file(name).info(name);
    }

    @Override
    public StoredTensor get(String name) {
        return file(name).get(name);
    }

    @Override
    public void close() {
        fileOfTensor.values().forEach(TensorSource::close);
    }

    private TensorSource file(String name) {
        TensorSource file = fileOfTensor.get(name);
        if (file == null) {
            throw new ModelInputException(
                    "'" + index + "' names no tensor " + Quoted.of(name) + "; check the index");
        }
        return file;
    }
}
