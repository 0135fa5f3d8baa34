package io.longspan.cli.term;

import java.io.PrintWriter;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command prints: results on standard output, as text or as one JSON document; notes and
 * progress on standard error.
 *
 * @param out results
 * @param err everything else
 * @param json whether results are JSON
 */
public record Console(PrintWriter out, PrintWriter err, boolean json) {
    private static final ObjectMapper LINE = JsonMapper.builder().build();
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Prints a result: the value as JSON, or the text. */
    public void result(Object value, String text) {
        out.println(json ? MAPPER.writeValueAsString(value) : text);
        out.flush();
    }

    /** Prints a result as one line of JSON, for whoever reads line by line, or the text. */
    public void line(Object value, String text) {
        out.println(json ? LINE.writeValueAsString(value) : text);
        out.flush();
    }

    /** Prints a line for people beside the result. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }
}
