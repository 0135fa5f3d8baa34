package io.longspan.model.bulk;

import io.longspan.model.session.StrideWindows;
import io.longspan.model.session.TextWindow;
import io.longspan.model.session.TokenizedText;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks one thing about every document of a file. For one thread; tokenizer and session of the task
 * are borrowed.
 *
 * @param <A> answer about one window
 */
public final class BulkRun<A> {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final BulkTask<A> task;
    private final BulkSettings settings;
    private final BulkBlock.Reader reader;

    /**
     * A run.
     *
     * @param longest tokens that the model reads
     * @throws io.longspan.model.ModelInputException when the stride is out of range
     */
    public BulkRun(
            BulkTask<A> task, RobertaTokenizer tokenizer, int longest, BulkSettings settings) {
        this.task = task;
        this.settings = settings;
        reader =
                new BulkBlock.Reader(
                        tokenizer,
                        new StrideWindows(tokenizer, longest, settings.stride()),
                        settings);
    }

    /**
     * Everything on which the output depends, for {@link BulkOutput#open}.
     *
     * @param model what says which model answers and with what
     */
    public Map<String, String> identity(BulkInput input, Map<String, String> model) {
        Map<String, String> identity = new TreeMap<>(model);
        identity.putAll(task.settings());
        identity.putAll(settings.identity());
        identity.put("input", input.digest());
        return identity;
    }

    /**
     * Runs to the end of the input and publishes the output.
     *
     * @throws io.longspan.model.ModelInputException when the input cannot be read, or a row is
     *     refused; what was stored before is there for the next run
     * @throws java.io.UncheckedIOException when the disk refuses
     */
    public BulkReport run(BulkInput input, BulkOutput output, BulkProgress progress) {
        long begin = System.nanoTime();
        BulkPoint start = output.point();
        BulkCounts counts = start.counts();
        if (!output.complete()) {
            try (BulkSource source = input.open(start.position())) {
                Pace pace = new Pace(progress, input.size(), start.counts());
                counts = all(source, output, pace);
            }
        }
        output.publish();
        return new BulkReport(
                counts,
                start.counts().written(),
                counts.written() - start.counts().written(),
                counts.tokens() - start.counts().tokens(),
                (System.nanoTime() - begin) / 1e9);
    }

    private BulkCounts all(BulkSource source, BulkOutput output, Pace pace) {
        BulkCounts counts = output.point().counts();
        long stored = System.nanoTime();
        boolean last = false;
        while (!last) {
            long before = source.done();
            BulkBlock block = reader.next(source);
            output.append(answer(block, pace.over(counts, block, before, source.done())));
            counts = counts.plus(block.counts());
            last = block.last();
            long now = System.nanoTime();
            if (last || now - stored >= settings.checkpointSeconds() * 1e9) {
                output.store(source.position(), counts, last);
                stored = now;
            }
        }
        return counts;
    }

    /** The lines of a block. */
    private byte[] answer(BulkBlock block, Pace.Block pace) {
        List<BulkBlock.Row> rows = block.rows();
        List<List<A>> answers = new ArrayList<>();
        rows.forEach(row -> answers.add(new ArrayList<>()));
        for (List<BulkBatches.Item> batch :
                BulkBatches.of(rows, settings.batchTokens(), task.partsDiffer())) {
            List<TokenizedText> texts = batch.stream().map(BulkBatches.Item::text).toList();
            List<A> found = task.run(texts, batch.getFirst().whole());
            for (int i = 0; i < batch.size(); i++) {
                BulkBatches.Item item = batch.get(i);
                if (answers.get(item.row()).size() != item.window()) {
                    throw new IllegalStateException("windows of a text came out of order");
                }
                answers.get(item.row()).add(found.get(i));
            }
            pace.batch(texts.stream().mapToLong(TokenizedText::tokens).sum());
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int r = 0; r < rows.size(); r++) {
            List<TextWindow> windows = rows.get(r).windows();
            List<A> own = answers.get(r);
            write(lines, rows.get(r), own.size() == 1 ? own.getFirst() : task.join(windows, own));
        }
        return lines.toByteArray();
    }

    private void write(ByteArrayOutputStream lines, BulkBlock.Row row, A answer) {
        try (JsonGenerator json = MAPPER.createGenerator(lines)) {
            json.writeStartObject();
            json.writeStringProperty("id", row.id());
            json.writeName("tokens");
            json.writeNumber(row.tokens());
            json.writeName("windows");
            json.writeNumber(row.windows().size());
            task.write(json, answer);
            json.writeEndObject();
        }
        lines.write('\n');
    }
}
