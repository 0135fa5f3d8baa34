package io.longspan.corpus;

/**
 * One shard in a manifest.
 *
 * @param name its files are {@code name.bin}, {@code name.idx} and {@code name.meta.parquet}
 * @param documents in it
 * @param tokens in it, separators included
 * @param bin the tokens
 * @param idx the index
 * @param meta the provenance
 */
public record ShardEntry(
        String name, long documents, long tokens, FileEntry bin, FileEntry idx, FileEntry meta) {
    /**
     * One file.
     *
     * @param bytes its length
     * @param sha256 of its content, in hex
     */
    public record FileEntry(long bytes, String sha256) {}
}
