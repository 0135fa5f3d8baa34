package io.longspan.admin.corpora;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A manifest as the page shows it; parts that are missing are zero or empty.
 *
 * @param read documents read
 * @param written documents written
 * @param sourceFiles files read
 * @param sourceBytes bytes read
 * @param dropped documents left out, by reason
 * @param settings that shaped the content
 * @param shards in their order
 */
public record ManifestView(
        long read,
        long written,
        long sourceFiles,
        long sourceBytes,
        List<Count> dropped,
        List<Setting> settings,
        List<Shard> shards) {
    /**
     * How many documents were left out for a reason.
     *
     * @param reason in one word
     * @param documents left out
     */
    public record Count(String reason, long documents) {}

    /**
     * A setting.
     *
     * @param name of it
     * @param value of it
     */
    public record Setting(String name, String value) {}

    /**
     * A shard.
     *
     * @param name of its files
     * @param documents in it
     * @param tokens in it
     * @param bytes of all its files
     */
    public record Shard(String name, long documents, long tokens, long bytes) {}

    /** The most documents that one reason cost. */
    public long mostDropped() {
        return dropped.stream().mapToLong(Count::documents).max().orElse(1);
    }

    /** The most tokens in one shard. */
    public long mostTokens() {
        return shards.stream().mapToLong(Shard::tokens).max().orElse(1);
    }

    static ManifestView read(String json, ObjectMapper mapper) {
        JsonNode all;
        try {
            all = mapper.readTree(json);
        } catch (JacksonException e) {
            all = mapper.createObjectNode();
        }
        List<Count> dropped = new ArrayList<>();
        all.path("totals")
                .path("dropped")
                .properties()
                .forEach(e -> dropped.add(new Count(e.getKey(), e.getValue().asLong(0))));
        dropped.sort((a, b) -> Long.compare(b.documents(), a.documents()));
        List<Setting> settings = new ArrayList<>();
        all.path("settings")
                .properties()
                .forEach(e -> settings.add(new Setting(e.getKey(), e.getValue().asString(""))));
        List<Shard> shards = new ArrayList<>();
        all.path("shards").values().forEach(shard -> shards.add(shard(shard)));
        return new ManifestView(
                all.path("totals").path("read").asLong(0),
                all.path("totals").path("written").asLong(0),
                all.path("source").path("files").asLong(0),
                all.path("source").path("bytes").asLong(0),
                dropped,
                settings,
                shards);
    }

    private static Shard shard(JsonNode json) {
        long bytes = 0;
        for (JsonNode file : json.path("files").values()) {
            bytes += file.path("bytes").asLong(0);
        }
        return new Shard(
                json.path("name").asString(""),
                json.path("documents").asLong(0),
                json.path("tokens").asLong(0),
                bytes);
    }
}
