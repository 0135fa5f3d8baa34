package io.longspan.ingest.source;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DiskFiles;
import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.RawInput.DiskException;
import io.longspan.ingest.source.RecordFormat.Records;
import io.longspan.ingest.source.SourceRecord.Unusable;
import io.longspan.ingest.source.Unpacker.Unpacked;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The records of a part, file after file; checks that what it reads is what was planned. */
final class FileCursor implements RecordCursor {
    private static final int LONGEST_DETAIL = 200;

    private final ReadPart part;
    private final RecordFormat format;
    private final Predicate<String> wanted;
    private final ReadLimits limits;
    private int number = -1;
    private long before;
    private long from;
    private @Nullable RawInput raw;
    private @Nullable MessageDigest digest;
    private @Nullable Unpacker unpacker;
    private @Nullable Records records;

    FileCursor(ReadPart part, RecordFormat format, Predicate<String> wanted, ReadLimits limits) {
        this.part = part;
        this.format = format;
        this.wanted = wanted;
        this.limits = limits;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (raw != null || number + 1 < part.files().size()) {
            try {
                if (raw == null) {
                    open();
                }
                SourceRecord found = step();
                if (found != null) {
                    return found;
                }
            } catch (DiskException e) {
                throw unreadable(e);
            } catch (IOException
                    | IllegalArgumentException
                    | IllegalStateException
                    | IndexOutOfBoundsException e) {
                // The libraries that unpack throw any of these at input that is damaged.
                return damaged(e);
            }
        }
        return null;
    }

    private SourceFile file() {
        return part.files().get(number);
    }

    private void open() throws IOException {
        number++;
        digest = part.whole() ? DiskFiles.sha256() : null;
        boolean lines = !part.whole() && !(format instanceof WikiPages);
        // A page of a plain dump may end behind the part that it begins in.
        boolean pages = format instanceof WikiPages && !FileNaming.of(file().path()).packed();
        long end = pages ? file().bytes() : part.end(file());
        from = lines ? LineBorder.from(file(), part.from()) : part.from();
        raw =
                new RawInput(
                        file().location(),
                        from,
                        lines ? LineBorder.from(file(), end) : end,
                        digest);
        unpacker = new Unpacker(file(), raw);
        records = null;
    }

    private @Nullable SourceRecord step() throws IOException {
        if (records != null) {
            SourceRecord found = records.next();
            if (found == null) {
                records = null;
            }
            return found;
        }
        Unpacked unpacked = unpacker == null ? null : unpacker.next();
        if (unpacked == null) {
            finish();
            return null;
        }
        String name = unpacked.name().toLowerCase(Locale.ROOT);
        if (FileNaming.of(file().path()).archive() && !wanted.test(name)) {
            return name.endsWith(".zip") || FileNaming.of(name).packed()
                    ? new Unusable(
                            unpacked.path(), unpacked.path(), 0, DropReason.NESTED_ARCHIVE, "")
                    : null;
        }
        records = format.open(unpacked, from, limits);
        return null;
    }

    private void finish() throws IOException {
        RawInput open = raw;
        if (open == null) {
            return;
        }
        MessageDigest made = digest;
        if (made != null) {
            // What stands behind the end of an archive belongs to the digest.
            open.transferTo(OutputStream.nullOutputStream());
            if (!DiskFiles.hex(made).equals(part.digests().get(number))) {
                throw new SourceChangedException(file().path());
            }
        }
        leave(open);
    }

    private void leave(RawInput open) throws IOException {
        before += open.count();
        raw = null;
        unpacker = null;
        records = null;
        open.close();
    }

    private SourceRecord damaged(Exception problem) throws IOException {
        RawInput open = raw;
        long offset = from + (open == null ? 0 : open.count());
        String detail = String.valueOf(problem.getMessage());
        SourceRecord found =
                new Unusable(
                        file().path() + "@" + offset,
                        file().path(),
                        offset,
                        DropReason.CORRUPT,
                        detail.length() > LONGEST_DETAIL
                                ? detail.substring(0, LONGEST_DETAIL)
                                : detail);
        try {
            // The rest is read for the digest alone.
            finish();
        } catch (DiskException e) {
            throw unreadable(e);
        }
        return found;
    }

    private CorpusException unreadable(IOException cause) {
        return new CorpusException(
                "'"
                        + file().location()
                        + "' cannot be read ("
                        + cause.getMessage()
                        + "); put that right, or take it out of the source",
                cause);
    }

    @Override
    public long position() {
        return before + (raw == null ? 0 : raw.count());
    }

    @Override
    public void close() throws IOException {
        if (raw != null) {
            raw.close();
        }
    }
}
