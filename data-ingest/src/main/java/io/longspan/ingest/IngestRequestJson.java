package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.ingest.rule.IngestRules;
import io.longspan.ingest.rule.RuleKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests as JSON. */
final class IngestRequestJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final Set<String> BASIC =
            Set.of(
                    "corpus",
                    "source",
                    "out",
                    "tokenizer",
                    "name",
                    "normalize",
                    "shard_bytes",
                    "longest_document",
                    "workers");

    private static final String PROFILE = "profile";

    private IngestRequestJson() {}

    static String text(IngestRequest request) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("corpus", request.corpus().label());
        ArrayNode sources = json.putArray("source");
        request.sources().forEach(source -> sources.add(source.toString()));
        json.put("out", request.out().toString())
                .put("tokenizer", request.tokenizer().toString())
                .put("name", request.name())
                .put("normalize", request.settings().normalization().label())
                .put("shard_bytes", request.settings().shardBytes())
                .put("longest_document", request.settings().longestDocument())
                .put("workers", request.workers());
        request.settings().rules().values().forEach(json::put);
        return json.toString();
    }

    static IngestRequest read(String text) {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new CorpusException(
                    "the ingest request is not valid JSON (" + e.getOriginalMessage() + ")", e);
        }
        TreeSet<String> known = new TreeSet<>(BASIC);
        Arrays.stream(RuleKey.values()).map(RuleKey::label).forEach(known::add);
        known.add(PROFILE);
        TreeSet<String> unknown = new TreeSet<>(json.propertyNames());
        unknown.removeAll(known);
        if (!json.isObject() || !unknown.isEmpty()) {
            throw new CorpusException(
                    "the ingest request has the members "
                            + unknown
                            + " that are not known; it may have "
                            + known);
        }
        Corpus corpus = Corpus.named(string(json, "corpus"));
        IngestRequest base =
                IngestRequest.of(
                        corpus,
                        Path.of("."),
                        Path.of(string(json, "out")),
                        Path.of(string(json, "tokenizer")));
        IngestSettings settings = base.settings();
        return new IngestRequest(
                corpus,
                sources(json),
                base.out(),
                base.tokenizer(),
                json.has("name") ? string(json, "name") : base.name(),
                new IngestSettings(
                        json.has("normalize")
                                ? Normalization.named(string(json, "normalize"))
                                : settings.normalization(),
                        number(json, "shard_bytes", settings.shardBytes()),
                        number(json, "longest_document", settings.longestDocument()),
                        rules(json, corpus)),
                Math.toIntExact(
                        Math.min(Integer.MAX_VALUE, number(json, "workers", base.workers()))));
    }

    /** A profile first, then what is said beside it. */
    private static IngestRules rules(JsonNode json, Corpus corpus) {
        IngestRules found =
                json.has(PROFILE) ? corpus.profile(string(json, PROFILE)) : IngestRules.STANDARD;
        for (RuleKey key : RuleKey.values()) {
            JsonNode value = json.path(key.label());
            if (value.isBoolean()) {
                found = found.with(key, value.asBoolean() ? "yes" : "no");
            } else if (value.isIntegralNumber()) {
                found = found.with(key, value.asString());
            } else if (!value.isMissingNode()) {
                found = found.with(key, string(json, key.label(), value));
            }
        }
        return found;
    }

    private static List<Path> sources(JsonNode json) {
        JsonNode source = json.path("source");
        if (!source.isArray()) {
            return List.of(Path.of(string(json, "source")));
        }
        return source.values().stream().map(one -> Path.of(string(one, "source", one))).toList();
    }

    private static String string(JsonNode json, String member) {
        return string(json, member, json.path(member));
    }

    private static String string(JsonNode json, String member, JsonNode value) {
        if (!value.isString()) {
            throw new CorpusException(
                    "'" + member + "' of the ingest request is no text in " + json);
        }
        return value.asString();
    }

    private static long number(JsonNode json, String member, long otherwise) {
        JsonNode value = json.path(member);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new CorpusException(
                    "'"
                            + member
                            + "' of the ingest request is "
                            + value
                            + "; a whole number is"
                            + " needed");
        }
        return value.longValue();
    }
}
