package io.longspan.ingest;

import io.longspan.corpus.DiskFiles;
import io.longspan.corpus.Manifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is to be read, and which files go into which shard. It follows from the source and the size
 * of shards alone.
 *
 * @param files in the order of their documents
 * @param shards in order, each a run of files
 */
record Plan(List<PlannedFile> files, List<PlannedShard> shards) {
    Plan {
        files = List.copyOf(files);
        shards = List.copyOf(shards);
    }

    /**
     * A file.
     *
     * @param path relative to its source
     * @param bytes its length
     * @param modified when it changed last, in milliseconds
     * @param sha256 of its content, in hex
     */
    record PlannedFile(String path, long bytes, long modified, String sha256) {}

    /**
     * A run of files.
     *
     * @param name of the shard
     * @param first number of its first file
     * @param count of its files
     */
    record PlannedShard(String name, int first, int count) {}

    /** Fills shards in order: a file begins a new one when it would make the last too large. */
    static Plan of(List<PlannedFile> files, long shardBytes) {
        List<PlannedShard> shards = new ArrayList<>();
        int first = 0;
        long bytes = 0;
        for (int i = 0; i < files.size(); i++) {
            if (i > first && bytes + files.get(i).bytes() > shardBytes) {
                shards.add(shard(shards.size(), first, i));
                first = i;
                bytes = 0;
            }
            bytes += files.get(i).bytes();
        }
        shards.add(shard(shards.size(), first, files.size()));
        return new Plan(files, shards);
    }

    private static PlannedShard shard(int number, int first, int end) {
        return new PlannedShard(
                String.format(Locale.ROOT, "shard-%05d", number), first, end - first);
    }

    long bytes() {
        return files.stream().mapToLong(PlannedFile::bytes).sum();
    }

    /** For the manifest: the digest is over paths, lengths and digests, not over times. */
    Manifest.Source source() {
        MessageDigest digest = DiskFiles.sha256();
        for (PlannedFile file : files) {
            String line = file.path() + '\0' + file.bytes() + '\0' + file.sha256() + '\n';
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return new Manifest.Source(files.size(), bytes(), DiskFiles.hex(digest));
    }
}
