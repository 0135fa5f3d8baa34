package io.longspan.admin.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The address of a page, which says all about what it shows. Its methods are public because
 * templates find no others.
 *
 * @param path without the context path
 * @param parameters in their order; a name may have several values
 */
public record Address(String path, Map<String, List<String>> parameters) {
    /** The same page with one parameter set; an empty value leaves it out. */
    public String with(String name, Object value) {
        Map<String, List<String>> all = new LinkedHashMap<>(parameters);
        all.remove(name);
        String text = String.valueOf(value);
        if (!text.isEmpty()) {
            all.put(name, List.of(text));
        }
        return text(all);
    }

    /** The same page without some parameters. */
    public String without(String... names) {
        Map<String, List<String>> all = new LinkedHashMap<>(parameters);
        List.of(names).forEach(all::remove);
        return text(all);
    }

    /** The page itself. */
    public String self() {
        return text(parameters);
    }

    /** The first value of a parameter, or nothing. */
    public String get(String name) {
        return parameters.getOrDefault(name, List.of("")).getFirst();
    }

    private String text(Map<String, List<String>> all) {
        List<String> parts = new ArrayList<>();
        all.forEach((name, values) ->
                values.forEach(value -> parts.add(encode(name) + "=" + encode(value))));
        return parts.isEmpty() ? path : path + "?" + String.join("&", parts);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
