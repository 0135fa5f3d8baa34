package io.longspan.training.config;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The data sets of a run and how sequences are made of them.
 *
 * @param parts in the order of the settings; none where examples are read, or where whoever makes
 *     the run has the tokens
 * @param packing how documents become sequences
 */
public record DataMix(List<DataPart> parts, Packing packing) {
    static final String DATA = "data";
    static final String PACKING = "packing";

    /** Sequences of a mixture in which each part has its share. */
    public static final int ROUND = 10_000;

    private static final List<String> KEYS = List.of("path", "weight", "name");

    /**
     * Copies and checks.
     *
     * @throws ModelInputException when two have the same name, or one is too rare
     */
    public DataMix {
        parts = List.copyOf(parts);
        double sum = parts.stream().mapToDouble(DataPart::weight).sum();
        Set<String> names = new HashSet<>();
        for (DataPart part : parts) {
            if (!names.add(part.name())) {
                throw new ModelInputException(
                        "training setting 'data' has two data sets of the name '"
                                + part.name()
                                + "'; give one another 'name'");
            }
            if (part.weight() / sum < 1.0 / ROUND) {
                throw new ModelInputException(
                        "training setting 'data' gives '"
                                + part.name()
                                + "' less than 1 of "
                                + ROUND
                                + " sequences; raise its weight or leave it out");
            }
        }
    }

    /** The weights, in order. */
    public double[] weights() {
        return parts.stream().mapToDouble(DataPart::weight).toArray();
    }

    static DataMix parse(Settings from) {
        List<DataPart> parts = new ArrayList<>();
        for (Settings entry : from.entries(DATA, KEYS, "path")) {
            Path path = Path.of(entry.required("path"));
            String name = entry.text("name");
            parts.add(
                    new DataPart(
                            name == null ? DataPart.nameOf(path) : name,
                            path,
                            entry.number("weight", 1)));
        }
        String packing = from.text(PACKING);
        return new DataMix(
                parts,
                packing == null
                        ? Packing.CONCATENATED
                        : Need.constant(PACKING, packing, Packing.values()));
    }

    void put(Map<String, String> all) {
        if (isPlain()) {
            all.put(DATA, parts.getFirst().path().toString());
        } else if (!parts.isEmpty()) {
            ArrayNode entries = InputJson.mapper().createArrayNode();
            for (DataPart part : parts) {
                ObjectNode entry = entries.addObject();
                entry.put("name", part.name());
                entry.put("path", part.path().toString());
                entry.put("weight", part.weight());
            }
            all.put(DATA, InputJson.mapper().writeValueAsString(entries));
        }
        all.put(PACKING, Need.key(packing));
    }

    /** What the numbers of a run depend on beside the tokens themselves. */
    void bind(Map<String, String> all) {
        // Runs of earlier versions had one data set and wrote no packing.
        all.remove(PACKING, Need.key(Packing.CONCATENATED));
        if (parts.size() > 1) {
            all.put(
                    "data_weights",
                    parts.stream()
                            .map(part -> Double.toString(part.weight()))
                            .collect(Collectors.joining(", ")));
        }
    }

    private boolean isPlain() {
        return parts.size() == 1
                && parts.getFirst().weight() == 1
                && parts.getFirst().name().equals(DataPart.nameOf(parts.getFirst().path()));
    }
}
