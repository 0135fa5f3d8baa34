package io.longspan.model.bulk;

import io.longspan.model.head.ProblemType;
import io.longspan.model.session.Classification;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.LabelScore;
import io.longspan.model.session.TextWindow;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.session.WindowPooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * The classes of each document. Of a text that is cut the probabilities of its windows, or the
 * numbers of a regression, are averaged, weighted by fresh tokens.
 *
 * @param session borrowed
 */
public record ClassifyTask(InferenceSession session) implements BulkTask<Classification> {
    @Override
    public Map<String, String> settings() {
        return Map.of("task", "classify");
    }

    @Override
    public boolean partsDiffer() {
        return false;
    }

    @Override
    public List<Classification> run(List<TokenizedText> batch, boolean whole) {
        return session.classify(batch);
    }

    @Override
    public Classification join(List<TextWindow> windows, List<Classification> answers) {
        float[] values =
                WindowPooling.MEAN.join(
                        answers.stream().map(ClassifyTask::values).toList(), windows);
        List<LabelScore> labels = new ArrayList<>();
        for (int k = 0; k < values.length; k++) {
            labels.add(new LabelScore(answers.getFirst().labels().get(k).label(), values[k]));
        }
        return new Classification(answers.getFirst().problem(), labels);
    }

    private static float[] values(Classification answer) {
        float[] values = new float[answer.labels().size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = answer.labels().get(k).value();
        }
        return values;
    }

    @Override
    public void write(JsonGenerator json, Classification answer) {
        json.writeStringProperty("problem", answer.problem().key());
        if (answer.problem() == ProblemType.SINGLE_LABEL) {
            LabelScore best = answer.best();
            json.writeStringProperty("label", best.label());
            json.writeName("score");
            json.writeNumber(best.value());
        }
        json.writeArrayPropertyStart("scores");
        for (LabelScore label : answer.labels()) {
            json.writeStartObject();
            json.writeStringProperty("label", label.label());
            json.writeName("score");
            json.writeNumber(label.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
