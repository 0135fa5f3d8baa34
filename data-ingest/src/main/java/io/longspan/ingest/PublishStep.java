package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.Manifest;
import io.longspan.corpus.ShardEntry;
import io.longspan.corpus.TokenType;
import io.longspan.ingest.IngestSnapshot.Phase;
import io.longspan.ingest.Plan.Lane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Adds up the receipts, checks them against the files, writes manifest and row. */
record PublishStep(Build build) implements Tasklet {
    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context)
            throws IOException {
        try {
            build.board.phase(Phase.PUBLISHING);
            Manifest manifest = manifest();
            manifest.write(build.request.out());
            build.rows.ready(build.request.out().toString(), manifest.toJson());
            return RepeatStatus.FINISHED;
        } catch (IOException | RuntimeException | Error e) {
            build.failed(e);
            throw e;
        }
    }

    private Manifest manifest() throws IOException {
        Plan plan = build.planned().plan();
        List<ShardEntry> shards = new ArrayList<>();
        SortedMap<String, Long> dropped = new TreeMap<>();
        SortedMap<String, Long> languages = new TreeMap<>();
        long read = 0;
        for (Lane lane : plan.lanes()) {
            boolean last = false;
            for (int shard = 0; !last; shard++) {
                Receipt receipt = receipt(lane.shard(shard));
                read += receipt.read();
                receipt.dropped()
                        .forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
                receipt.languages()
                        .forEach((name, count) -> languages.merge(name, count, Long::sum));
                if (receipt.entry().isPresent()) {
                    build.folder.checkSizes(receipt.entry().get());
                    shards.add(receipt.entry().get());
                }
                last = receipt.last();
            }
        }
        long written = shards.stream().mapToLong(ShardEntry::documents).sum();
        if (written == 0) {
            throw new CorpusException(
                    "none of the "
                            + read
                            + " documents can be used ("
                            + dropped
                            + "); check that the source is what '--corpus' says");
        }
        if (languages.values().stream().mapToLong(Long::longValue).sum() != written) {
            // Shards of a version that did not count them: no figure is better than a wrong one.
            languages.clear();
        }
        return new Manifest(
                build.request.name(),
                build.request.corpus().label(),
                new Manifest.Tokenizer(
                        build.tokenizer.digest(),
                        build.tokenizer.vocabularySize(),
                        build.tokenizer.separator()),
                TokenType.forVocabulary(build.tokenizer.vocabularySize()),
                build.request.settings().byName(),
                plan.source(),
                shards,
                new Manifest.Totals(
                        read,
                        written,
                        dropped,
                        shards.stream().mapToLong(ShardEntry::tokens).sum(),
                        languages));
    }

    private Receipt receipt(String shard) throws IOException {
        return build.folder
                .done(shard)
                .orElseThrow(() ->
                        new CorpusException(
                                "shard '"
                                        + shard
                                        + "' of '"
                                        + build.request.out()
                                        + "' was written and is gone; delete that folder and run it"
                                        + " again"));
    }
}
