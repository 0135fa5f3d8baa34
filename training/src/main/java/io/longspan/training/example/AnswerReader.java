package io.longspan.training.example;

import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.config.SpecialIds;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.training.config.Answering;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Reads questions about documents, and cuts long documents into windows that overlap. */
final class AnswerReader implements ExampleReader<Question> {
    private final Answering answering;
    private final Map<String, Encoding> documents = new HashMap<>();

    AnswerReader(Answering answering) {
        this.answering = answering;
    }

    @Override
    public List<Question> read(Path file) {
        return SquadFile.read(file, answering.noAnswer());
    }

    @Override
    public String key(Question example) {
        return example.document();
    }

    @Override
    public ExampleTask task(Checkpoint checkpoint, boolean keepsHead, List<Question> examples) {
        return new AnswerTask(answering);
    }

    @Override
    public List<EncodedExample> encode(
            Question question, ExampleTask task, RobertaTokenizer tokenizer, TokenLimit limit) {
        SpecialIds special = limit.model().ids();
        int separators = limit.model().inputFormat().pairSeparators();
        int[] asked = tokenizer.encode(question.text(), false).ids();
        Encoding document =
                documents.computeIfAbsent(
                        question.document(), text -> tokenizer.encode(text, false));
        long[] head = // <s> question </s>, </s>
                LongStream.concat(
                                LongStream.concat(
                                        LongStream.of(special.bos()),
                                        Arrays.stream(asked).asLongStream()),
                                LongStream.generate(special::sep).limit(separators))
                        .toArray();
        int room = limit.longest() - head.length - 1;
        if (room <= answering.overlap() && room < document.size()) {
            throw question.refusal(
                    "leaves "
                            + Math.max(0, room)
                            + " of "
                            + limit.longest()
                            + " tokens for its document, whose windows share "
                            + answering.overlap()
                            + "; lower document_overlap, raise sequence_length, or shorten the question");
        }
        List<EncodedExample> windows = new ArrayList<>();
        int from = 0;
        do {
            int count = Math.min(room, document.size() - from);
            long[] ids = Arrays.copyOf(head, head.length + count + 1);
            for (int t = 0; t < count; t++) {
                ids[head.length + t] = document.id(from + t);
            }
            ids[ids.length - 1] = special.eos();
            for (long id : ids) {
                limit.known(id, question::refusal);
            }
            windows.add(
                    new AnswerWindow(
                            ids,
                            truth(question, document, from, count, head.length),
                            question,
                            document,
                            from,
                            count,
                            head.length));
            from += count - answering.overlap();
        } while (from + answering.overlap() < document.size());
        return windows;
    }

    /** Ends of the first answer if the window holds it whole, or else the first token twice. */
    private static float[] truth(
            Question question, Encoding document, int from, int count, int before) {
        if (question.answers().isEmpty() || count == 0) {
            return new float[2];
        }
        Question.Answer answer = question.answers().getFirst();
        int first = from;
        while (first < from + count - 1 && document.end(first) <= answer.start()) {
            first++;
        }
        int last = from + count - 1;
        while (last > first && document.start(last) >= answer.end()) {
            last--;
        }
        boolean whole =
                document.start(first) <= answer.start() && document.end(last) >= answer.end();
        return whole ? new float[] {before + first - from, before + last - from} : new float[2];
    }
}
