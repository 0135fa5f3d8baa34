package io.longspan.ingest;

import io.longspan.corpus.DiskFiles;
import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.ShardEntry;
import io.longspan.corpus.ShardWriter;
import io.longspan.ingest.CorpusReader.Reading;
import io.longspan.ingest.CorpusReader.SourceFile;
import io.longspan.ingest.Plan.PlannedFile;
import io.longspan.ingest.Plan.PlannedShard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One shard under construction, by one thread. */
final class ShardBuild implements AutoCloseable {
    private final Build build;
    private final PlannedShard shard;
    private final ShardWriter writer;
    private final SortedMap<String, Long> dropped = new TreeMap<>();
    private int done;
    private long bytes;

    ShardBuild(Build build, PlannedShard shard) {
        this.build = build;
        this.shard = shard;
        writer =
                ShardWriter.create(
                        build.request.out(),
                        shard.name(),
                        build.tokenizer.vocabularySize(),
                        build.tokenizer.separator());
    }

    boolean hasNext() {
        return done < shard.count();
    }

    /**
     * Does the next document.
     *
     * @return whether it was written; it was dropped otherwise
     */
    boolean next() {
        int number = shard.first() + done;
        PlannedFile planned = build.planned().plan().files().get(number);
        SourceFile file = build.planned().files().get(number);
        Reading reading = reading(planned, file);
        done++;
        bytes += planned.bytes();
        return switch (reading) {
            case Reading.Dropped(DropReason reason) -> {
                dropped.merge(reason.label(), 1L, Long::sum);
                build.board.document(planned.bytes(), -1);
                yield false;
            }
            case Reading.Text text -> {
                int[] ids = build.tokenizer.encode(text.text());
                writer.add(info(file, text), ids);
                build.board.document(planned.bytes(), ids.length + 1L);
                yield true;
            }
        };
    }

    private Reading reading(PlannedFile planned, SourceFile file) {
        if (planned.bytes() > build.request.settings().longestDocument()) {
            return new Reading.Dropped(DropReason.TOO_LARGE);
        }
        byte[] content;
        try {
            content = Files.readAllBytes(file.location());
        } catch (IOException e) {
            throw Planner.unreadable(file, e);
        }
        MessageDigest digest = DiskFiles.sha256();
        digest.update(content);
        if (!DiskFiles.hex(digest).equals(planned.sha256())) {
            throw new Planner(build.reader, build.request, build.stop)
                    .changed("'" + file.path() + "' has another content");
        }
        return build.reader.read(file, content, build.request.settings().normalization());
    }

    private DocumentInfo info(SourceFile file, Reading.Text text) {
        byte[] content = text.text().getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = DiskFiles.sha256();
        digest.update(content);
        return new DocumentInfo(
                file.path(),
                build.request.corpus().label(),
                file.path(),
                text.url(),
                text.title(),
                text.licence(),
                content.length,
                text.text().codePointCount(0, text.text().length()),
                DiskFiles.hex(digest));
    }

    /** Completes the shard: its receipt first, then its files become visible. */
    Receipt publish() {
        Optional<ShardEntry> entry =
                writer.documents() == 0 ? Optional.empty() : Optional.of(writer.finish());
        Receipt receipt = new Receipt(done, bytes, dropped, entry);
        build.folder.write(shard.name(), receipt);
        if (entry.isPresent()) {
            writer.publish();
        }
        return receipt;
    }

    @Override
    public void close() {
        writer.close();
    }
}
