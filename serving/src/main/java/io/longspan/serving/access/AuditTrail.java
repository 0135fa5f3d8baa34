package io.longspan.serving.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.longspan.api.v1.InferencesGrpc;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.store.audit.Audit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The lines of the audit that calls leave. Thread-safe. */
final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /** Named as the console names its deeds. */
    private static final Map<String, String> ACTIONS =
            Map.of(
                    InferencesGrpc.getGetPayloadMethod().getFullMethodName(), "payload.read",
                    InferencesGrpc.getDeletePayloadsMethod().getFullMethodName(), "payload.delete",
                    ModelsGrpc.getLoadMethod().getFullMethodName(), "model.load",
                    ModelsGrpc.getUnloadMethod().getFullMethodName(), "model.unload",
                    ModelsGrpc.getSetAliasMethod().getFullMethodName(), "alias.set",
                    ModelsGrpc.getDeleteAliasMethod().getFullMethodName(), "alias.delete");

    private final Audit audit;

    AuditTrail(Audit audit) {
        this.audit = audit;
    }

    /**
     * Something is about to happen.
     *
     * @throws DataAccessException when it cannot be written down
     */
    void begins(String caller, String method, Map<String, Object> asked, String peer) {
        Map<String, Object> detail = new LinkedHashMap<>(asked);
        detail.put("peer", peer);
        audit.add(caller, action(method), subject(asked), Optional.of(json(detail)));
    }

    /** It came to nothing. It has happened or not by now, so failing to say it fails nothing. */
    void failed(String caller, String method, Map<String, Object> asked, String why) {
        Map<String, Object> detail = new LinkedHashMap<>(asked);
        detail.put("why", why.replace('\0', '\uFFFD'));
        try {
            audit.add(
                    caller, action(method) + ".failed", subject(asked), Optional.of(json(detail)));
        } catch (DataAccessException e) {
            LOG.warn(
                    "{} by '{}' failed ({}), and the audit cannot say so: {}",
                    method,
                    caller,
                    why,
                    e.getMessage());
        }
    }

    /** The fields that a request sets, as far as they are text, numbers and truth values. */
    static Map<String, Object> fields(Object request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (request instanceof Message message) {
            for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
                Object value = field.getValue();
                fields.put(field.getKey().getName(), plain(value));
            }
        }
        return fields;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case String text -> text.replace('\0', '\uFFFD');
            case Timestamp time ->
                    Timestamps.isValid(time) ? Timestamps.toString(time) : "no valid time";
            default -> value;
        };
    }

    private static String action(String method) {
        return ACTIONS.getOrDefault(method, method);
    }

    private static String subject(Map<String, Object> asked) {
        Object alias = asked.get("alias");
        Object inference = asked.get("inference_id");
        Object caller = asked.get("caller");
        if (alias != null) {
            return "alias " + alias;
        }
        if (inference != null) {
            return "inference " + inference;
        }
        return caller != null ? "caller " + caller : "model " + asked.getOrDefault("name", "");
    }

    private static String json(Map<String, Object> detail) {
        return MAPPER.writeValueAsString(detail);
    }
}
