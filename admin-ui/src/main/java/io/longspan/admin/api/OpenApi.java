package io.longspan.admin.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The interface as an OpenAPI document, made from the endpoints themselves. */
@RestController
class OpenApi {
    private static final String PREFIX = "/api/v1/";

    private final RequestMappingHandlerMapping mapping;

    OpenApi(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
        this.mapping = mapping;
    }

    @GetMapping("/api/v1/openapi.json")
    Map<String, Object> document() {
        Map<String, Object> paths = new TreeMap<>();
        mapping.getHandlerMethods()
                .forEach((info, method) ->
                        info.getPatternValues().stream()
                                .filter(path -> path.startsWith(PREFIX))
                                .forEach(
                                        path -> paths.put(path, Map.of("get", operation(method)))));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("openapi", "3.1.0");
        all.put(
                "info",
                Map.of(
                        "title",
                        "Longspan console",
                        "version",
                        "1",
                        "description",
                        "What the console's pages show. Log in at /login and send its cookie."));
        all.put("paths", paths);
        return all;
    }

    private static Map<String, Object> operation(HandlerMethod method) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", method.getMethod().getName());
        List<Object> parameters = new ArrayList<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            parameter(parameter).ifPresent(parameters::add);
        }
        operation.put("parameters", parameters);
        operation.put(
                "responses",
                Map.of(
                        "200",
                        Map.of(
                                "description",
                                "the facts",
                                "content",
                                Map.of(
                                        "application/json",
                                        Map.of(
                                                "schema",
                                                schema(
                                                        method.getMethod()
                                                                .getGenericReturnType())))),
                        "401",
                        Map.of("description", "nobody is logged in"),
                        "503",
                        Map.of("description", "the database does not answer")));
        return operation;
    }

    private static Optional<Object> parameter(MethodParameter parameter) {
        parameter.initParameterNameDiscovery(
                new org.springframework.core.DefaultParameterNameDiscoverer());
        RequestParam asked = parameter.getParameterAnnotation(RequestParam.class);
        boolean inPath = parameter.hasParameterAnnotation(PathVariable.class);
        if (asked == null && !inPath) {
            return Optional.empty();
        }
        boolean needed =
                inPath
                        || (asked != null
                                && asked.defaultValue().equals(ValueConstants.DEFAULT_NONE)
                                && parameter.getParameterType() != Optional.class);
        return Optional.of(
                Map.of(
                        "name",
                        String.valueOf(parameter.getParameterName()),
                        "in",
                        inPath ? "path" : "query",
                        "required",
                        needed,
                        "schema",
                        schema(parameter.getGenericParameterType())));
    }

    private static Map<String, Object> schema(Type type) {
        if (type instanceof ParameterizedType generic
                && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            if (raw == Optional.class) {
                return Map.of("anyOf", List.of(schema(arguments[0]), Map.of("type", "null")));
            }
            if (Collection.class.isAssignableFrom(raw)) {
                return Map.of("type", "array", "items", schema(arguments[0]));
            }
            return raw.isRecord() ? object(raw) : Map.of("type", "object");
        }
        if (!(type instanceof Class<?> plain)) {
            return Map.of();
        }
        if (plain.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Stream.of(plain.getEnumConstants()).map(String::valueOf).toList());
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (Set.of(int.class, long.class, Integer.class, Long.class, OptionalLong.class)
                .contains(plain)) {
            return Map.of("type", "integer");
        }
        if (plain == double.class || plain == Double.class) {
            return Map.of("type", "number");
        }
        if (plain == Instant.class || plain == LocalDateTime.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (plain == UUID.class) {
            return Map.of("type", "string", "format", "uuid");
        }
        return plain == String.class
                ? Map.of("type", "string")
                : plain.isRecord() ? object(plain) : Map.of("type", "object");
    }

    private static Map<String, Object> object(Class<?> record) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            properties.put(component.getName(), schema(component.getGenericType()));
        }
        return Map.of("type", "object", "properties", properties);
    }
}
