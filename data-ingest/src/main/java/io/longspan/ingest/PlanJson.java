package io.longspan.ingest;

import io.longspan.corpus.ManifestJson;
import io.longspan.ingest.Plan.PlannedFile;
import io.longspan.ingest.Plan.PlannedShard;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans and receipts as JSON, for the hidden folder. */
final class PlanJson {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private PlanJson() {}

    static String text(Plan plan) {
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode files = json.putArray("files");
        for (PlannedFile file : plan.files()) {
            files.addObject()
                    .put("path", file.path())
                    .put("bytes", file.bytes())
                    .put("modified", file.modified())
                    .put("sha256", file.sha256());
        }
        ArrayNode shards = json.putArray("shards");
        for (PlannedShard shard : plan.shards()) {
            shards.addObject()
                    .put("name", shard.name())
                    .put("first", shard.first())
                    .put("count", shard.count());
        }
        return json.toString();
    }

    static Plan plan(byte[] text) {
        JsonNode json = MAPPER.readTree(text);
        List<PlannedFile> files = new ArrayList<>();
        for (JsonNode file : json.required("files").values()) {
            files.add(
                    new PlannedFile(
                            file.required("path").asString(),
                            file.required("bytes").asLong(),
                            file.required("modified").asLong(),
                            file.required("sha256").asString()));
        }
        List<PlannedShard> shards = new ArrayList<>();
        for (JsonNode shard : json.required("shards").values()) {
            shards.add(
                    new PlannedShard(
                            shard.required("name").asString(),
                            shard.required("first").asInt(),
                            shard.required("count").asInt()));
        }
        return new Plan(files, shards);
    }

    static String text(Receipt receipt) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("read", receipt.read()).put("bytes", receipt.bytes());
        ObjectNode dropped = json.putObject("dropped");
        receipt.dropped().forEach(dropped::put);
        receipt.entry().ifPresent(entry -> ManifestJson.put(json.putObject("entry"), entry));
        return json.toString();
    }

    static Receipt receipt(byte[] text) {
        JsonNode json = MAPPER.readTree(text);
        SortedMap<String, Long> dropped = new TreeMap<>();
        json.required("dropped")
                .properties()
                .forEach(e -> dropped.put(e.getKey(), e.getValue().asLong()));
        return new Receipt(
                json.required("read").asLong(),
                json.required("bytes").asLong(),
                dropped,
                json.optional("entry").map(ManifestJson::shard));
    }
}
