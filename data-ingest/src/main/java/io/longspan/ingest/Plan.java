package io.longspan.ingest;

import io.longspan.corpus.DiskFiles;
import io.longspan.corpus.Manifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;

/**
 * What is to be read, and in which lanes. It follows from the source and the size of shards alone.
 *
 * @param files in the order of their documents
 * @param lanes in the order of their documents
 */
record Plan(List<PlannedFile> files, List<Lane> lanes) {
    Plan {
        files = List.copyOf(files);
        lanes = List.copyOf(lanes);
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
     * What one worker reads from its beginning to its end: a run of small files, or a file or a
     * part of one that holds many documents. A lane of the second kind gives one shard after the
     * other, each full when enough text has gone into it.
     *
     * @param name of its shard, or what the names of its shards begin with
     * @param first number of its first file
     * @param count of its files
     * @param from first byte or row; 0 where files are read whole
     * @param to byte or row behind the last; negative for the end
     * @param bytes of the source that it stands for
     * @param many whether it may give several shards
     */
    record Lane(String name, int first, int count, long from, long to, long bytes, boolean many) {
        /** The name of its shard with a number. */
        String shard(int number) {
            return many ? String.format(Locale.ROOT, "%s-%04d", name, number) : name;
        }
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
