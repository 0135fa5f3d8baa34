package io.longspan.serving.spool;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a segment that cannot be read to its end: a torn tail is what a crash leaves, and
 * is cut; anything else is kept beside the folders for whoever has to look into it.
 *
 * @param root of the spool
 */
record DefectiveFiles(Path root) {
    private static final Logger LOG = LoggerFactory.getLogger(DefectiveFiles.class);

    /** Says what is wrong and keeps what is to be kept; the segment may be deleted afterwards. */
    void handle(Segment segment, long end, SegmentDefect defect) throws IOException {
        long bytes = segment.size() - end;
        switch (defect) {
            case TORN ->
                    LOG.warn(
                            "'{}' ends in {} bytes of a row that was being written when its process died; they are cut",
                            segment.file(),
                            bytes);
            case DAMAGED ->
                    LOG.error(
                            "'{}' is damaged at byte {}; the {} bytes from there are not in the database, '{}' keeps the file",
                            segment.file(),
                            end,
                            bytes,
                            keep(segment));
        }
    }

    /** A row is whole and yet no row to this version. */
    void handleUnreadable(Segment segment, IOException problem) throws IOException {
        LOG.error(
                "a row in '{}' is not in the database, '{}' keeps the file",
                segment.file(),
                keep(segment),
                problem);
    }

    private Path keep(Segment segment) throws IOException {
        String name = root.relativize(segment.file()).toString().replace(File.separatorChar, '-');
        Path kept = root.resolve(name + ".damaged");
        Files.copy(segment.file(), kept, StandardCopyOption.REPLACE_EXISTING);
        OwnerOnly.file(kept);
        return kept;
    }
}
