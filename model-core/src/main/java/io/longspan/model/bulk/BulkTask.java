package io.longspan.model.bulk;

import io.longspan.model.session.TextWindow;
import io.longspan.model.session.TokenizedText;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * What is asked about every document.
 *
 * @param <A> answer about one window
 */
public sealed interface BulkTask<A> permits EmbedTask, ClassifyTask {
    /** The settings that the answers depend on. */
    Map<String, String> settings();

    /** Whether windows of longer texts are asked otherwise than whole texts, in other batches. */
    boolean partsDiffer();

    /**
     * Asks about a batch.
     *
     * @param whole whether each is a whole text and not a part of one
     */
    List<A> run(List<TokenizedText> batch, boolean whole);

    /**
     * The answer about a text that was cut.
     *
     * @param windows at least two
     * @param answers as many
     */
    A join(List<TextWindow> windows, List<A> answers);

    /** Writes an answer as members of the object that is open. */
    void write(JsonGenerator json, A answer);
}
