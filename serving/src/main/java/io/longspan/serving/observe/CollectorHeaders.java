package io.longspan.serving.observe;

import io.longspan.serving.ServingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Headers for a collector, written as {@code name=value,name=value}. */
final class CollectorHeaders {
    static final String KEY = "longspan.serve.otlp.headers";
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");

    private CollectorHeaders() {}

    /**
     * The headers.
     *
     * @throws ServingException when they are not written so; what is written is not repeated, since
     *     headers hold keys
     */
    static Map<String, String> parse(String listed) {
        Map<String, String> headers = new LinkedHashMap<>();
        int number = 0;
        for (String entry : listed.split(",", -1)) {
            number++;
            int equals = entry.indexOf('=');
            String name = entry.substring(0, Math.max(0, equals)).strip();
            String value = entry.substring(equals + 1).strip();
            if (!NAME.matcher(name).matches()
                    || !VALUE.matcher(value).matches()
                    || headers.put(name, value) != null) {
                throw new ServingException(
                        "entry "
                                + number
                                + " of "
                                + KEY
                                + " is no header; write name=value,name=value, each name once");
            }
        }
        return headers;
    }
}
