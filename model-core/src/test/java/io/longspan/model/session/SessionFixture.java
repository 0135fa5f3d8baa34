package io.longspan.model.session;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fixture checkpoint of 503 words with a tokenizer of its size: one token per byte, the mask
 * last.
 */
final class SessionFixture implements AutoCloseable {
    static final int MASK = 502;

    final AttentionRegistry registry = AttentionRegistry.discover(null);
    final LongformerModel model;
    final RobertaTokenizer tokenizer;
    final SelectedBackend backend;
    final InferenceSession session;

    SessionFixture(String checkpoint, @Nullable Task task, String attention, Path folder)
            throws IOException {
        this(folder(checkpoint), task, attention, folder);
    }

    SessionFixture(Path checkpoint, @Nullable Task task, String attention, Path folder)
            throws IOException {
        model =
                LongformerModel.open(
                        checkpoint, ModelOptions.defaults().withTask(task), Progress.none());
        tokenizer = RobertaTokenizer.open(tokenizer(folder));
        backend =
                AttentionBackends.open(
                        registry,
                        AttentionSettings.defaults().withBackend(attention),
                        InferenceSession.needs(model.config(), Device.Kind.CPU),
                        Device.CPU,
                        1);
        session = new InferenceSession(model, tokenizer, backend.backend());
    }

    static Path folder(String name) {
        try {
            return Path.of(SessionFixture.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path tokenizer(Path folder) throws IOException {
        List<String> entries = new ArrayList<>(List.of("<s>", "<pad>", "</s>", "<unk>"));
        int beyond = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            int shown = printable ? b : beyond++;
            entries.add(Character.toString(shown).replace("\\", "\\\\").replace("\"", "\\\""));
        }
        StringBuilder json = new StringBuilder("{");
        for (int id = 0; id < entries.size(); id++) {
            json.append('"').append(entries.get(id)).append("\":").append(id).append(',');
        }
        json.append("\"<mask>\":").append(MASK).append('}');
        Files.writeString(folder.resolve("vocab.json"), json);
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        return folder;
    }

    @Override
    public void close() {
        backend.close();
        tokenizer.close();
        model.close();
        registry.close();
    }
}
