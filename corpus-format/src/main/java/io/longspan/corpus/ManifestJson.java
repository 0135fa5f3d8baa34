package io.longspan.corpus;

import io.longspan.corpus.ShardEntry.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Manifests and shard entries as JSON, members always in the same order. */
public final class ManifestJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private ManifestJson() {}

    static Manifest read(Path folder) {
        Path file = folder.resolve(Manifest.FILE);
        if (!Files.isRegularFile(file)) {
            throw new CorpusException(
                    "'"
                            + folder
                            + "' has no "
                            + Manifest.FILE
                            + "; name the folder of a complete data set");
        }
        try {
            JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
            int version = json.required("format_version").asInt();
            if (version != Manifest.FORMAT_VERSION) {
                throw new CorpusException(
                        "'"
                                + file
                                + "' has format version "
                                + version
                                + "; this version reads "
                                + Manifest.FORMAT_VERSION);
            }
            return manifest(json);
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new CorpusException(
                    "'" + file + "' is no manifest (" + e.getMessage() + "); build it again", e);
        }
    }

    private static Manifest manifest(JsonNode json) {
        JsonNode tokenizer = json.required("tokenizer");
        JsonNode source = json.required("source");
        JsonNode totals = json.required("totals");
        String label = json.required("dtype").asString();
        List<ShardEntry> shards = new ArrayList<>();
        json.required("shards").values().forEach(shard -> shards.add(shard(shard)));
        SortedMap<String, String> settings = new TreeMap<>();
        json.required("settings")
                .properties()
                .forEach(e -> settings.put(e.getKey(), e.getValue().asString()));
        SortedMap<String, Long> dropped = new TreeMap<>();
        totals.required("dropped")
                .properties()
                .forEach(e -> dropped.put(e.getKey(), e.getValue().asLong()));
        SortedMap<String, Long> languages = new TreeMap<>();
        totals.path("languages")
                .properties()
                .forEach(e -> languages.put(e.getKey(), e.getValue().asLong()));
        return new Manifest(
                json.required("name").asString(),
                json.required("corpus").asString(),
                new Manifest.Tokenizer(
                        tokenizer.required("sha256").asString(),
                        tokenizer.required("vocabulary_size").asInt(),
                        tokenizer.required("separator").asInt()),
                TokenType.ofLabel(label)
                        .orElseThrow(() -> new IllegalArgumentException("dtype '" + label + "'")),
                settings,
                new Manifest.Source(
                        source.required("files").asLong(),
                        source.required("bytes").asLong(),
                        source.required("sha256").asString()),
                shards,
                new Manifest.Totals(
                        totals.required("read").asLong(),
                        totals.required("written").asLong(),
                        dropped,
                        totals.required("tokens").asLong(),
                        languages));
    }

    /**
     * A shard's entry.
     *
     * @throws JacksonException when a member is missing
     * @throws IllegalArgumentException when the name is none
     */
    public static ShardEntry shard(JsonNode json) {
        JsonNode files = json.required("files");
        return new ShardEntry(
                ShardFiles.checkName(json.required("name").asString()),
                json.required("documents").asLong(),
                json.required("tokens").asLong(),
                file(files.required("bin")),
                file(files.required("idx")),
                file(files.required("meta")));
    }

    private static FileEntry file(JsonNode json) {
        return new FileEntry(json.required("bytes").asLong(), json.required("sha256").asString());
    }

    /** Adds what {@link #shard} reads. */
    public static void put(ObjectNode json, ShardEntry shard) {
        json.put("name", shard.name())
                .put("documents", shard.documents())
                .put("tokens", shard.tokens());
        ObjectNode files = json.putObject("files");
        put(files.putObject("bin"), shard.name() + ".bin", shard.bin());
        put(files.putObject("idx"), shard.name() + ".idx", shard.idx());
        put(files.putObject("meta"), shard.name() + ".meta.parquet", shard.meta());
    }

    private static void put(ObjectNode json, String name, FileEntry file) {
        json.put("file", name).put("bytes", file.bytes()).put("sha256", file.sha256());
    }

    static String text(Manifest manifest) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("name", manifest.name())
                .put("format_version", Manifest.FORMAT_VERSION)
                .put("corpus", manifest.corpus());
        json.putObject("tokenizer")
                .put("sha256", manifest.tokenizer().sha256())
                .put("vocabulary_size", manifest.tokenizer().vocabularySize())
                .put("separator", manifest.tokenizer().separator());
        json.put("dtype", manifest.type().label());
        ObjectNode settings = json.putObject("settings");
        manifest.settings().forEach(settings::put);
        json.putObject("source")
                .put("files", manifest.source().files())
                .put("bytes", manifest.source().bytes())
                .put("sha256", manifest.source().sha256());
        ArrayNode shards = json.putArray("shards");
        manifest.shards().forEach(shard -> put(shards.addObject(), shard));
        ObjectNode totals = json.putObject("totals");
        totals.put("read", manifest.totals().read()).put("written", manifest.totals().written());
        ObjectNode dropped = totals.putObject("dropped");
        manifest.totals().dropped().forEach(dropped::put);
        totals.put("tokens", manifest.totals().tokens());
        if (!manifest.totals().languages().isEmpty()) {
            ObjectNode languages = totals.putObject("languages");
            manifest.totals().languages().forEach(languages::put);
        }
        return text(json);
    }

    /** JSON text over several lines, the same on every platform, with a line feed at the end. */
    public static String text(JsonNode json) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                        .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        return MAPPER.writer().with(printer).writeValueAsString(json) + "\n";
    }
}
