package io.longspan.ingest;

import io.longspan.corpus.ManifestJson;
import io.longspan.ingest.Plan.Lane;
import io.longspan.ingest.Plan.PlannedFile;
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
        ArrayNode lanes = json.putArray("lanes");
        for (Lane lane : plan.lanes()) {
            lanes.addObject()
                    .put("name", lane.name())
                    .put("first", lane.first())
                    .put("count", lane.count())
                    .put("from", lane.from())
                    .put("to", lane.to())
                    .put("bytes", lane.bytes())
                    .put("many", lane.many());
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
        List<Lane> lanes = new ArrayList<>();
        for (JsonNode lane : json.required("lanes").values()) {
            lanes.add(
                    new Lane(
                            lane.required("name").asString(),
                            lane.required("first").asInt(),
                            lane.required("count").asInt(),
                            lane.required("from").asLong(),
                            lane.required("to").asLong(),
                            lane.required("bytes").asLong(),
                            lane.required("many").asBoolean()));
        }
        return new Plan(files, lanes);
    }

    static String text(Receipt receipt) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("read", receipt.read()).put("bytes", receipt.bytes()).put("last", receipt.last());
        ObjectNode dropped = json.putObject("dropped");
        receipt.dropped().forEach(dropped::put);
        ObjectNode languages = json.putObject("languages");
        receipt.languages().forEach(languages::put);
        receipt.entry().ifPresent(entry -> ManifestJson.put(json.putObject("entry"), entry));
        return json.toString();
    }

    static Receipt receipt(byte[] text) {
        JsonNode json = MAPPER.readTree(text);
        return new Receipt(
                json.required("read").asLong(),
                json.required("bytes").asLong(),
                counts(json.required("dropped")),
                counts(json.path("languages")),
                json.optional("entry").map(ManifestJson::shard),
                json.required("last").asBoolean());
    }

    private static SortedMap<String, Long> counts(JsonNode json) {
        SortedMap<String, Long> counts = new TreeMap<>();
        json.properties().forEach(e -> counts.put(e.getKey(), e.getValue().asLong()));
        return counts;
    }
}
