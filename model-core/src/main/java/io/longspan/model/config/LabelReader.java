package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the names of the classes out of {@code id2label}, or makes them up from a count. */
final class LabelReader {
    private LabelReader() {}

    static List<String> labels(JsonFields fields) {
        fields.find(Keys.LABEL_TO_ID);
        JsonNode names = fields.find(Keys.ID_TO_LABEL);
        int count = fields.integer(Keys.LABEL_COUNT, 0);
        Checks.range(Keys.LABEL_COUNT, count, 0, Checks.LARGEST_WIDTH);
        if (names == null) {
            return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        if (!names.isObject()) {
            throw JsonFields.wrong(Keys.ID_TO_LABEL, names, "an object from class index to name");
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            labels.add(label(i, names.get(Integer.toString(i))));
        }
        return labels;
    }

    private static String label(int index, @Nullable JsonNode name) {
        if (name == null || !name.isValueNode() || name.isNull()) {
            throw new ModelInputException(
                    "id2label has no name for class "
                            + index
                            + "; give one for every class from 0 upward");
        }
        return name.asString();
    }
}
