package io.longspan.model.bulk;

import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.Pooling;
import io.longspan.model.session.TextWindow;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.session.WindowPooling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * A vector per document. A text that is cut gets the pooled vectors of its windows, divided by
 * their length after pooling and not before.
 *
 * @param session borrowed
 * @param pooling of a window's tokens
 * @param normalize whether a document's vector is divided by its Euclidean length
 * @param windows pooling of a document's windows
 */
public record EmbedTask(
        InferenceSession session, Pooling pooling, boolean normalize, WindowPooling windows)
        implements BulkTask<float[]> {
    @Override
    public Map<String, String> settings() {
        return Map.of(
                "task", "embed",
                "pooling", pooling.name().toLowerCase(Locale.ROOT),
                "normalize", Boolean.toString(normalize),
                "window-pooling", windows.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean partsDiffer() {
        return normalize;
    }

    @Override
    public List<float[]> run(List<TokenizedText> batch, boolean whole) {
        return session.embed(batch, pooling, normalize && whole);
    }

    @Override
    public float[] join(List<TextWindow> cut, List<float[]> answers) {
        float[] joined = windows.join(answers, cut);
        return normalize ? WindowPooling.unit(joined) : joined;
    }

    @Override
    public void write(JsonGenerator json, float[] answer) {
        json.writeArrayPropertyStart("embedding");
        for (float value : answer) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
