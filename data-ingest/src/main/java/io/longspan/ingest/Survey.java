package io.longspan.ingest;

import io.longspan.ingest.LaneReader.Item;
import io.longspan.ingest.Plan.Lane;
import io.longspan.ingest.rule.Pipeline.Prepared;
import io.longspan.ingest.source.SourceRecord.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepContribution;

/**
 * Reads one lane and notes the digest of each text, with its place: sorted runs on the disk, so
 * that memory does not grow with the source. Complete when its note is there; begun anew otherwise.
 */
final class Survey implements LaneWork {
    /** Texts in a run. */
    private static final int RUN = 1 << 17;

    private final Build build;
    private final Lane lane;
    private final int number;
    private final List<byte[]> run = new ArrayList<>();
    private @Nullable LaneReader reader;
    private long ordinal;
    private long position;
    private int runs;

    Survey(Build build, int number) {
        this.build = build;
        this.number = number;
        lane = build.planned().plan().lanes().get(number);
    }

    @Override
    public boolean advance(StepContribution contribution) throws IOException {
        if (build.folder.surveyed(lane.name()).isPresent()) {
            return false;
        }
        LaneReader from = reader;
        if (from == null) {
            from = new LaneReader(build, lane, false);
            reader = from;
        }
        Item item = from.next();
        long reached = item == null ? lane.bytes() : from.position();
        build.board.surveyed(lane, reached - position, item == null);
        position = reached;
        if (item == null) {
            flush();
            build.folder.writeSurveyed(lane.name(), runs, ordinal);
            return false;
        }
        contribution.incrementReadCount();
        if (item.prepared().orElse(null) instanceof Prepared.Text(var document)) {
            Bytes content = document.bytes().orElseGet(() -> Bytes.of(document.text()));
            run.add(
                    ByteBuffer.allocate(DuplicateMerge.RECORD)
                            .put(
                                    HexFormat.of()
                                            .parseHex(
                                                    content.sha256(), 0, 2 * DuplicateMerge.DIGEST))
                            .putInt(number)
                            .putLong(ordinal)
                            .array());
            if (run.size() == RUN) {
                flush();
            }
        }
        ordinal++;
        return true;
    }

    private void flush() throws IOException {
        if (run.isEmpty()) {
            return;
        }
        run.sort(Arrays::compareUnsigned);
        DuplicateMerge.write(build.folder.run(lane.name(), runs), run);
        runs++;
        run.clear();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
