package io.longspan.ingest;

import io.longspan.ingest.Plan.Lane;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.ingest.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes lanes of files, one file after the other. Files that are documents fill lanes in order: one
 * begins a new lane when it would make the last too large. Files that hold many documents have
 * lanes of their own.
 */
final class LaneMaker {
    private final CorpusReader reader;
    private final long shardBytes;
    private final List<Lane> lanes = new ArrayList<>();
    private int files;
    private int first;
    private long bytes;

    LaneMaker(CorpusReader reader, long shardBytes) {
        this.reader = reader;
        this.shardBytes = shardBytes;
    }

    /** Adds the next file; {@code streams} says where its compressed streams begin. */
    void add(SourceFile file, List<Long> streams) {
        if (reader.wholeFiles(file)) {
            if (files > first && bytes + file.bytes() > shardBytes) {
                end();
            }
            bytes += file.bytes();
            files++;
            return;
        }
        end();
        for (CorpusReader.Division part : reader.divide(file, streams, shardBytes)) {
            lanes.add(new Lane(name(), files, 1, part.from(), part.to(), part.bytes(), true));
        }
        files++;
        first = files;
    }

    /** All of them. */
    List<Lane> made() {
        end();
        return lanes;
    }

    private void end() {
        if (files > first) {
            lanes.add(new Lane(name(), first, files - first, 0, -1, bytes, false));
        }
        first = files;
        bytes = 0;
    }

    private String name() {
        return String.format(Locale.ROOT, "shard-%05d", lanes.size());
    }
}
