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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tensors of several files, named by {@code model.safetensors.index.json}. Thread-safe. */
final class ShardedTensors implements TensorSource {
    private static final long LARGEST_INDEX = 64L << 20;

    private final Path index;
    private final SortedMap<String, SafetensorsFile> fileOfTensor;

    private ShardedTensors(Path index, SortedMap<String, SafetensorsFile> fileOfTensor) {
        this.index = index;
        this.fileOfTensor = fileOfTensor;
    }

    static ShardedTensors open(Path index) {
        byte[] json = InputFiles.read(index, LARGEST_INDEX);
        SortedMap<String, SafetensorsFile> shards = new TreeMap<>();
        SortedMap<String, SafetensorsFile> fileOfTensor = new TreeMap<>();
        boolean complete = false;
        try {
            weightMap(json)
                    .forEach((tensor, name) -> {
                        SafetensorsFile shard =
                                shards.computeIfAbsent(name, file -> shard(index, file));
                        // Asking is the check: the shard refuses a name it does not hold.
                        shard.info(tensor);
                        fileOfTensor.put(tensor, shard);
                    });
            complete = true;
        } catch (ModelInputException e) {
            throw e.in(index);
        } finally {
            if (!complete) {
                shards.values().forEach(SafetensorsFile::close);
            }
        }
        return new ShardedTensors(index, fileOfTensor);
    }

    private static Map<String, String> weightMap(byte[] json) {
        JsonNode map = InputJson.object(json).get("weight_map");
        if (map == null || !map.isObject() || map.isEmpty()) {
            throw new ModelInputException(
                    "weight_map is missing or empty; it must map tensor names to files, so get the"
                            + " index again");
        }
        Map<String, String> found = new TreeMap<>();
        map.properties().forEach(e -> found.put(e.getKey(), fileName(e.getValue())));
        return found;
    }

    private static String fileName(@Nullable JsonNode value) {
        String name = value != null && value.isString() ? value.stringValue() : "";
        // A shard lies beside its index; anything else would let an index name files elsewhere.
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
            throw new ModelInputException(
                    "weight_map names the file "
                            + Quoted.plain(String.valueOf(value))
                            + "; it must be the plain name of a .safetensors file beside the index");
        }
        return name;
    }

    private static SafetensorsFile shard(Path index, String file) {
        return SafetensorsFile.open(index.resolveSibling(file));
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
        fileOfTensor.values().forEach(SafetensorsFile::close);
    }

    private SafetensorsFile file(String name) {
        SafetensorsFile file = fileOfTensor.get(name);
        if (file == null) {
            throw new ModelInputException(
                    "'" + index + "' names no tensor " + Quoted.of(name) + "; check the index");
        }
        return file;
    }
}
