package io.longspan.ingest.source;

import com.github.luben.zstd.ZstdInputStream;
import io.longspan.corpus.CorpusException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** Opens what a file unpacks to: itself, or the files of an archive one after the other. */
final class Unpacker {
    private final SourceFile file;
    private final RawInput raw;
    private final FileNaming naming;
    private @Nullable TarArchiveInputStream archive;
    private boolean begun;
    private long entries;

    Unpacker(SourceFile file, RawInput raw) {
        this.file = file;
        this.raw = raw;
        this.naming = FileNaming.of(file.path());
    }

    /**
     * A file, perhaps out of an archive.
     *
     * @param path of the file inside the source, and of the entry inside the archive
     * @param name of the file or entry alone
     * @param content closed with the file
     */
    record Unpacked(String path, String name, InputStream content) {}

    /** The next one, or nothing at the end. */
    @Nullable Unpacked next() throws IOException {
        if (!naming.archive()) {
            if (begun) {
                return null;
            }
            begun = true;
            return new Unpacked(file.path(), naming.inner(), decompressed());
        }
        if (archive == null) {
            archive = new TarArchiveInputStream(decompressed(), "UTF-8");
        }
        for (TarArchiveEntry entry = archive.getNextEntry();
                entry != null;
                entry = archive.getNextEntry()) {
            if (++entries > ReadLimits.MOST_ENTRIES) {
                throw new CorpusException(
                        "'"
                                + file.location()
                                + "' has more than "
                                + ReadLimits.MOST_ENTRIES
                                + " entries; take it out of the source, or split it");
            }
            if (entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()) {
                String name = entry.getName();
                return new Unpacked(
                        file.path() + "/" + name,
                        name,
                        new GuardedInput(archive, raw, file.location()));
            }
        }
        return null;
    }

    private InputStream decompressed() throws IOException {
        InputStream buffered = new BufferedInputStream(raw, 1 << 16);
        return switch (naming.compression()) {
            case NONE -> buffered;
            case GZIP ->
                    guarded(
                            GzipCompressorInputStream.builder()
                                    .setInputStream(buffered)
                                    .setDecompressConcatenated(true)
                                    .get());
            case BZIP2 -> guarded(new BZip2CompressorInputStream(buffered, true));
            case ZSTD -> guarded(new ZstdInputStream(buffered));
        };
    }

    private InputStream guarded(InputStream in) {
        return new GuardedInput(in, raw, file.location());
    }
}
