package io.longspan.ingest.source;

import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import io.longspan.ingest.source.Unpacker.Unpacked;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line is a JSON object. Lenient: members that are not known are passed over, those that are
 * missing or null are empty, blank lines are no rows.
 *
 * @param columns names of the members that are read
 */
record JsonLines(Columns columns) implements RecordFormat {
    @Override
    public Records open(Unpacked file, long base, ReadLimits limits) {
        JsonMapper mapper = mapper(limits);
        LineReader lines = new LineReader(file.content(), limits.longestRow());
        String path = file.path();
        return () -> {
            while (lines.next()) {
                long at = base + lines.start();
                String id = path + "@" + at;
                if (lines.tooLong()) {
                    return new Unusable(id, path, at, DropReason.TOO_LARGE, "");
                }
                byte[] bytes = lines.bytes();
                Optional<String> line = TextDecoder.strictly(bytes, StandardCharsets.UTF_8);
                if (line.isEmpty()) {
                    return new Unusable(id, path, at, DropReason.UNDECODABLE, "no UTF-8");
                }
                if (!line.get().isBlank()) {
                    return row(mapper, line.get(), id, path, at);
                }
            }
            return null;
        };
    }

    private static JsonMapper mapper(ReadLimits limits) {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder()
                        .maxNestingDepth(ReadLimits.DEEPEST_JSON)
                        .maxStringLength((int) limits.longestRow())
                        .build();
        return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
                .build();
    }

    private SourceRecord row(JsonMapper mapper, String line, String id, String path, long at) {
        JsonNode json;
        try {
            json = mapper.readTree(line);
        } catch (JacksonException e) {
            return new Unusable(id, path, at, DropReason.CORRUPT, e.getOriginalMessage());
        }
        if (!json.isObject()) {
            return new Unusable(id, path, at, DropReason.CORRUPT, "no JSON object");
        }
        if (!json.path(columns.text()).isString()) {
            String found = json.has(columns.text()) ? "is no text" : "is missing";
            return new Unusable(
                    id, path, at, DropReason.NO_TEXT, "'" + columns.text() + "' " + found);
        }
        String url = value(json, columns.url());
        return new Document(
                id,
                path,
                Columns.key(value(json, columns.id()), url, id),
                json.path(columns.text()).asString(),
                value(json, columns.title()),
                url,
                "",
                value(json, columns.split()));
    }

    private static String value(JsonNode json, String member) {
        JsonNode value = json.path(member);
        return value.isString() || value.isNumber() ? value.asString() : "";
    }
}
