package io.longspan.model.checkpoint;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Parses the JSON of a header as a stream: a hostile header of a hundred megabytes must not become
 * a tree of objects.
 */
final class HeaderParser {
    private static final String METADATA = "__metadata__";

    private final JsonParser json;
    private final SortedMap<String, Extent> tensors = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    private HeaderParser(JsonParser json) {
        this.json = json;
    }

    static SafetensorsHeader parse(byte[] text) {
        try (JsonParser json = InputJson.mapper().createParser(text)) {
            return new HeaderParser(json).read();
        } catch (JacksonException e) {
            throw new ModelInputException(
                    "the header is not valid JSON ("
                            + Quoted.plain(String.valueOf(e.getOriginalMessage()))
                            + "); get the file again",
                    e);
        }
    }

    private SafetensorsHeader read() {
        expect(json.nextToken(), JsonToken.START_OBJECT, "header", "an object");
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken value = json.nextToken();
            if (name.equals(METADATA)) {
                readMetadata(value);
            } else {
                expect(value, JsonToken.START_OBJECT, Quoted.of(name), "an object");
                tensors.put(name, readTensor(name));
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT, "header", "an object");
        if (json.nextToken() != null) {
            throw new ModelInputException(
                    "the header goes on after its closing brace; get the file again");
        }
        return new SafetensorsHeader(tensors, metadata);
    }

    private void readMetadata(JsonToken value) {
        expect(value, JsonToken.START_OBJECT, METADATA, "an object of texts");
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA, "an object of texts");
            metadata.put(key, json.getString());
        }
    }

    private Extent readTensor(String name) {
        String what = "tensor " + Quoted.of(name);
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        for (String field = json.nextName(); field != null; field = json.nextName()) {
            JsonToken value = json.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(value, JsonToken.VALUE_STRING, "dtype of " + what, "a text");
                    dtype = json.getString();
                }
                case "shape" -> shape = numbers(value, "shape of " + what);
                case "data_offsets" -> offsets = numbers(value, "data_offsets of " + what);
                default -> json.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new ModelInputException(
                    what
                            + " is described incompletely; dtype, shape and two data_offsets are"
                            + " needed, so get the file again");
        }
        return new Extent(
                new TensorInfo(name, dtype(what, dtype), shape), offsets.get(0), offsets.get(1));
    }

    private List<Long> numbers(JsonToken first, String what) {
        expect(first, JsonToken.START_ARRAY, what, "a list of whole numbers");
        List<Long> numbers = new ArrayList<>();
        for (JsonToken t = json.nextToken(); t != JsonToken.END_ARRAY; t = json.nextToken()) {
            expect(t, JsonToken.VALUE_NUMBER_INT, what, "a list of whole numbers");
            numbers.add(json.getLongValue());
        }
        return numbers;
    }

    private static DType dtype(String what, String name) {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        throw new ModelInputException(
                what
                        + " has dtype "
                        + Quoted.of(name)
                        + "; known are "
                        + Quoted.plain(List.of(DType.values()).toString())
                        + ", so convert the file to one of them");
    }

    private static void expect(
            @Nullable JsonToken found, JsonToken wanted, String what, String allowed) {
        if (found != wanted) {
            throw new ModelInputException(
                    what + " in the header is not " + allowed + "; get the file again");
        }
    }
}
