package io.longspan.admin.overview;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * How a process chose its attention backend. Read from JSON that another version may have written,
 * so every part of it may be missing.
 *
 * @param processes those that made this very choice, for people
 * @param asked what the configuration asked for
 * @param chosen name of the chosen backend
 * @param error why none was chosen, or why the report cannot be read
 * @param rows all backends that were found
 * @param rejected providers that could not even be asked
 */
public record BackendReport(
        List<String> processes,
        String asked,
        String chosen,
        String error,
        List<Row> rows,
        List<Rejected> rejected) {

    /**
     * One backend.
     *
     * @param name of the backend
     * @param version of the backend
     * @param chosen whether it is the one that runs
     * @param available whether it can run on that machine
     * @param supported whether it can do the work asked for
     * @param reason what speaks against it
     * @param summary what it is, one line
     * @param origin where it was found
     * @param features what it can do
     * @param guarantees what it promises
     * @param types of numbers that it takes
     * @param devices that it runs on
     */
    public record Row(
            String name,
            String version,
            boolean chosen,
            boolean available,
            boolean supported,
            String reason,
            String summary,
            String origin,
            List<String> features,
            List<String> guarantees,
            List<String> types,
            List<String> devices) {
        /** One word for its state. */
        public String state() {
            return chosen
                    ? "CHOSEN"
                    : !available ? "UNAVAILABLE" : supported ? "AVAILABLE" : "UNSUPPORTED";
        }
    }

    /**
     * A provider that could not be asked.
     *
     * @param origin where it was found
     * @param reason what is wrong with it
     */
    public record Rejected(String origin, String reason) {}

    static BackendReport read(List<String> processes, String json, ObjectMapper mapper) {
        try {
            JsonNode all = mapper.readTree(json);
            if (!all.isObject()) {
                return unreadable(processes, "it is no JSON object");
            }
            List<Row> rows = new ArrayList<>();
            all.path("backends").forEach(b -> rows.add(row(b)));
            List<Rejected> rejected = new ArrayList<>();
            all.path("rejected")
                    .forEach(r -> rejected.add(new Rejected(text(r, "origin"), text(r, "reason"))));
            return new BackendReport(
                    List.copyOf(processes),
                    text(all, "asked"),
                    text(all, "chosen"),
                    text(all, "error"),
                    rows,
                    rejected);
        } catch (JacksonException e) {
            return unreadable(processes, e.getOriginalMessage());
        }
    }

    private static BackendReport unreadable(List<String> processes, String why) {
        return new BackendReport(
                List.copyOf(processes),
                "",
                "",
                "the report cannot be read (" + why + ")",
                List.of(),
                List.of());
    }

    private static Row row(JsonNode backend) {
        boolean chosen = backend.path("chosen").asBoolean(false);
        return new Row(
                text(backend, "name"),
                text(backend, "version"),
                chosen,
                backend.path("available").asBoolean(chosen),
                backend.path("supported").asBoolean(chosen),
                text(backend, "reason"),
                text(backend, "summary"),
                text(backend, "origin"),
                words(backend, "features"),
                words(backend, "guarantees"),
                words(backend, "types"),
                words(backend, "devices"));
    }

    private static List<String> words(JsonNode node, String name) {
        return node.path(name).values().stream().map(v -> v.asString("")).toList();
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isValueNode() && !value.isNull() ? value.asString("") : "";
    }
}
