package io.longspan.corpus;

import io.longspan.corpus.ShardEntry.FileEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** Reads a whole shard back and compares it with what is said about it. */
final class ShardCheck {
    private final ShardEntry entry;
    private final TokenType type;
    private final int separator;

    private ShardCheck(ShardEntry entry, TokenType type, int separator) {
        this.entry = entry;
        this.type = type;
        this.separator = separator;
    }

    /** Before a shard is published. */
    static void afterWriting(ShardFiles files, ShardEntry entry, TokenType type, int separator)
            throws IOException {
        new ShardCheck(entry, type, separator)
                .check(
                        ShardFiles.hidden(files.bin()),
                        ShardFiles.hidden(files.idx()),
                        ShardFiles.hidden(files.meta()));
    }

    /** Of a data set. */
    static void published(ShardFiles files, ShardEntry entry, TokenType type, int separator)
            throws IOException {
        new ShardCheck(entry, type, separator).check(files.bin(), files.idx(), files.meta());
    }

    private void check(Path bin, Path idx, Path meta) throws IOException {
        checkDigest(bin, entry.bin());
        checkDigest(idx, entry.idx());
        checkDigest(meta, entry.meta());
        List<Provenance.Row> rows = Provenance.read(meta);
        try (Arena arena = Arena.ofConfined()) {
            Shard shard = Shard.open(idx, bin, arena);
            if (shard.type() != type
                    || shard.documents() != entry.documents()
                    || shard.tokens() != entry.tokens()
                    || rows.size() != entry.documents()) {
                throw Shard.damaged(
                        idx,
                        "holds "
                                + shard.documents()
                                + " documents and "
                                + shard.tokens()
                                + " tokens, with "
                                + rows.size()
                                + " rows of provenance, where "
                                + entry.documents()
                                + " and "
                                + entry.tokens()
                                + " were written");
            }
            checkDocuments(idx, shard, rows);
        }
    }

    private void checkDocuments(Path idx, Shard shard, List<Provenance.Row> rows) {
        int[] last = new int[1];
        long token = 0;
        for (int d = 0; d < rows.size(); d++) {
            int length = shard.length(d);
            boolean placed =
                    length >= 1
                            && length <= shard.tokens() - token
                            && shard.position(d) == token * type.bytes()
                            && shard.border(d) == d;
            if (placed) {
                shard.read(token + length - 1, last, 0, 1);
            }
            if (!placed || last[0] != separator || rows.get(d).tokens() != length) {
                throw Shard.damaged(
                        idx,
                        "places document "
                                + d
                                + " wrongly: length "
                                + length
                                + ", byte "
                                + shard.position(d)
                                + ", last id "
                                + last[0]
                                + ", "
                                + rows.get(d).tokens()
                                + " tokens in its row of provenance");
            }
            token += length;
        }
        if (shard.border(rows.size()) != rows.size()) {
            throw Shard.damaged(idx, "ends with border " + shard.border(rows.size()));
        }
    }

    private static void checkDigest(Path file, FileEntry wanted) throws IOException {
        FileEntry found = DiskFiles.entry(file);
        if (!found.equals(wanted)) {
            throw Shard.damaged(
                    file,
                    "has "
                            + found.bytes()
                            + " bytes with SHA-256 "
                            + found.sha256()
                            + ", where "
                            + wanted.bytes()
                            + " with "
                            + wanted.sha256()
                            + " were written");
        }
    }
}
