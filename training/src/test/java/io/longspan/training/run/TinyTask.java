package io.longspan.training.run;

import io.longspan.model.InputJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.node.ObjectNode;

/** A tokenizer of bytes, and examples whose labels a tiny model can learn. */
final class TinyTask {
    static final int VOCABULARY = 5 + 256;

    private TinyTask() {}

    /** Puts the tokenizer beside a model: special tokens, then one token per byte. */
    static void tokenizer(Path folder) {
        ObjectNode ids = InputJson.mapper().createObjectNode();
        for (String special : List.of("<s>", "<pad>", "</s>", "<unk>")) {
            ids.put(special, ids.size());
        }
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b != 173);
            ids.put(Character.toString(printable ? b : next++), ids.size());
        }
        ids.put("<mask>", ids.size());
        try {
            Files.writeString(folder.resolve("vocab.json"), ids.toString());
            Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Words with more q than z are "quiet", the others "zesty". */
    static List<ObjectNode> words(int count, long seed) {
        Random random = new Random(seed);
        List<ObjectNode> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            char[] letters = new char[10 + random.nextInt(15)];
            boolean quiet = random.nextBoolean();
            for (int t = 0; t < letters.length; t++) {
                letters[t] =
                        random.nextInt(3) == 0
                                ? quiet ? 'q' : 'z'
                                : (char) ('a' + random.nextInt(16));
            }
            letters[random.nextInt(letters.length)] = quiet ? 'q' : 'z';
            ObjectNode line = InputJson.mapper().createObjectNode();
            line.put("text", new String(letters));
            line.put("label", quiet ? "quiet" : "zesty");
            lines.add(line);
        }
        return lines;
    }

    /** The same texts with their labels dealt out anew. */
    static List<ObjectNode> shuffled(List<ObjectNode> lines, long seed) {
        List<String> labels =
                new ArrayList<>(lines.stream().map(l -> l.get("label").asString()).toList());
        Collections.shuffle(labels, new Random(seed));
        List<ObjectNode> others = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            ObjectNode line = lines.get(i).deepCopy();
            line.put("label", labels.get(i));
            others.add(line);
        }
        return others;
    }

    static Path write(Path file, List<ObjectNode> lines) {
        try {
            return Files.write(file, lines.stream().map(ObjectNode::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> settings(Path model, Path output, Path train) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("objective", "classification");
        settings.put("model", model.toString());
        settings.put("output", output.toString());
        settings.put("train", train.toString());
        settings.put("epochs", 2);
        settings.put("examples_per_step", 16);
        settings.put("tokens_per_batch", 200);
        settings.put("hidden_dropout", 0);
        settings.put("attention_dropout", 0);
        settings.put("learning_rate", 1e-2);
        return settings;
    }
}
