package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Reads texts with tags: JSON lines with {@code tokens} and {@code tags}, or with {@code text} and
 * {@code spans}, a list of {@code start}, {@code end} and {@code label}, counted in code points.
 *
 * <p>Words are read with a space before each, and a word's tag belongs to its first token. Of a
 * span the first token is tagged {@code B-} and the label, the others {@code I-}, all tokens
 * outside {@code O}.
 *
 * @param wanted names of the tags in order; empty when the checkpoint or the files say
 */
record TagReader(List<String> wanted) implements ExampleReader<TaggedText> {
    private static final String OUTSIDE = "O";

    @Override
    public List<TaggedText> read(Path file) {
        return JsonLines.read(
                file, line -> line.object().has("tokens") ? words(line) : names(line));
    }

    private static TaggedText words(JsonLines.Line line) {
        List<String> tokens = line.texts("tokens", "give the words of the text");
        List<String> tags = line.texts("tags", "give every word its tag");
        if (tokens.size() != tags.size()) {
            throw line.refusal(
                    "has "
                            + tokens.size()
                            + " tokens and "
                            + tags.size()
                            + " tags; give one tag for each token");
        }
        StringBuilder text = new StringBuilder();
        List<TaggedText.Span> spans = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String word = tokens.get(i);
            int length = word.codePointCount(0, word.length());
            text.append(' ').append(word);
            spans.add(new TaggedText.Span(at + 1, at + 1 + length, tags.get(i)));
            at += 1 + length;
        }
        return new TaggedText(line.file(), line.number(), text.toString(), spans, true);
    }

    private static TaggedText names(JsonLines.Line line) {
        String text = line.text("text");
        int length = text.codePointCount(0, text.length());
        List<TaggedText.Span> spans = new ArrayList<>();
        for (JsonNode span : line.field("spans", "give the names in the text, [] for none")) {
            int start = span.path("start").asInt(-1);
            int end = span.path("end").asInt(-1);
            if (start < 0 || end <= start || end > length || !span.path("label").isString()) {
                throw line.refusal(
                        "has the span "
                                + Quoted.of(span.toString())
                                + "; it must have a label and lie between 0 and "
                                + length
                                + ", start before end");
            }
            spans.add(new TaggedText.Span(start, end, span.path("label").asString()));
        }
        spans.sort(Comparator.comparingInt(TaggedText.Span::start));
        for (int i = 1; i < spans.size(); i++) {
            if (spans.get(i).start() < spans.get(i - 1).end()) {
                throw line.refusal(
                        "has spans that overlap at "
                                + spans.get(i).start()
                                + "; a token has one tag, so leave one out");
            }
        }
        return new TaggedText(line.file(), line.number(), text, spans, false);
    }

    @Override
    public String key(TaggedText example) {
        return example.text();
    }

    @Override
    public ExampleTask task(Checkpoint checkpoint, boolean keepsHead, List<TaggedText> examples) {
        if (!wanted.isEmpty()) {
            return new TagTask(wanted);
        }
        List<String> own = checkpoint.config().labels();
        if (keepsHead && checkpoint.names().task() == Task.TOKEN_CLASSIFICATION) {
            long classes = checkpoint.names().get("classifier.weight").info().shape().getFirst();
            return new TagTask(own.isEmpty() ? LabelSet.unnamed((int) classes) : own);
        }
        TreeSet<String> names = new TreeSet<>();
        for (TaggedText example : examples) {
            for (TaggedText.Span span : example.spans()) {
                names.addAll(
                        example.words()
                                ? List.of(span.tag())
                                : List.of("B-" + span.tag(), "I-" + span.tag()));
            }
            if (!example.words()) {
                names.add(OUTSIDE);
            }
        }
        if (names.size() < 2) {
            throw new ModelInputException(
                    "'"
                            + examples.getFirst().file()
                            + "' has "
                            + names.size()
                            + " tag; give two or more, or set 'labels'");
        }
        return new TagTask(List.copyOf(names));
    }

    @Override
    public List<EncodedExample> encode(
            TaggedText example, ExampleTask task, RobertaTokenizer tokenizer, TokenLimit limit) {
        List<String> names = ((TagTask) task).names();
        Encoding encoding = tokenizer.encode(example.text());
        int[] kept = limit.kept(encoding, example::refusal);
        float[] truth = new float[kept.length]; // [L]
        Arrays.fill(truth, TagTask.NONE);
        int span = 0;
        boolean begun = false;
        for (int i = 0; i < kept.length; i++) {
            int token = kept[i];
            if (encoding.isSpecial(token)) {
                continue;
            }
            while (span < example.spans().size()
                    && example.spans().get(span).end() <= encoding.start(token)) {
                span++;
                begun = false;
            }
            boolean inside =
                    span < example.spans().size()
                            && example.spans().get(span).start() < encoding.end(token);
            if (inside && !(example.words() && begun)) {
                String tag = example.spans().get(span).tag();
                truth[i] = tag(example, names, example.words() ? tag : (begun ? "I-" : "B-") + tag);
                begun = true;
            } else if (!inside && !example.words()) {
                truth[i] = tag(example, names, OUTSIDE);
            }
        }
        return List.of(
                new EncodedExample(
                        "line " + example.line(),
                        Arrays.stream(kept).mapToLong(encoding::id).toArray(),
                        truth));
    }

    private static int tag(TaggedText example, List<String> names, String tag) {
        int found = names.indexOf(tag);
        if (found < 0) {
            throw example.refusal(
                    "needs the tag "
                            + Quoted.of(tag)
                            + "; known are "
                            + Quoted.plain(String.join(", ", names)));
        }
        return found;
    }
}
