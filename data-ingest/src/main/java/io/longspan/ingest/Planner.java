package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DiskFiles;
import io.longspan.ingest.Plan.PlannedFile;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.ingest.source.SourceFile;
import io.longspan.ingest.source.StreamStarts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes plans, and checks that a source is still the one that was planned. */
final class Planner {
    private static final int BLOCK = 1 << 18;

    private final CorpusReader reader;
    private final IngestRequest request;
    private final BooleanSupplier stop;

    Planner(CorpusReader reader, IngestRequest request, BooleanSupplier stop) {
        this.reader = reader;
        this.request = request;
        this.stop = stop;
    }

    /** Thrown out of long digests when a stop was asked for. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A new plan; reads the whole source once, as many files at a time as there are workers. */
    Plan make() throws IOException {
        List<PlannedFile> files = new ArrayList<>();
        LaneMaker lanes = new LaneMaker(reader, request.settings().shardBytes());
        List<SourceFile> source = reader.list(request.sources());
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.min(request.workers(), source.size()));
        try {
            List<Future<Seen>> seen = new ArrayList<>();
            for (SourceFile file : source) {
                seen.add(workers.submit(() -> see(file)));
            }
            for (int i = 0; i < source.size(); i++) {
                Seen found = get(seen.get(i));
                files.add(found.file());
                lanes.add(source.get(i), found.streams());
            }
        } finally {
            workers.shutdownNow();
            workers.close();
        }
        return new Plan(files, lanes.made());
    }

    /** A file that was read through, and where compressed streams begin in it. */
    private record Seen(PlannedFile file, List<Long> streams) {}

    private Seen see(SourceFile file) throws IOException {
        StreamStarts streams = reader.dividedByStreams(file) ? new StreamStarts() : null;
        PlannedFile planned = planned(file, streams);
        return new Seen(planned, streams == null ? List.of() : streams.found());
    }

    private static Seen get(Future<Seen> of) throws IOException {
        try {
            return of.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case IOException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /**
     * The locations of a plan's files. Files whose length and time are those of the plan are
     * believed, for now; when they are read their digests are compared.
     *
     * @throws CorpusException naming the first file that is new, missing or different
     */
    List<SourceFile> check(Plan plan) throws IOException {
        List<SourceFile> found = reader.list(request.sources());
        for (int i = 0; i < Math.max(found.size(), plan.files().size()); i++) {
            if (i >= found.size()) {
                throw changed("'" + plan.files().get(i).path() + "' is missing");
            }
            SourceFile file = found.get(i);
            if (i >= plan.files().size()) {
                throw changed("'" + file.path() + "' is new");
            }
            PlannedFile planned = plan.files().get(i);
            int order = file.path().compareTo(planned.path());
            if (order != 0) {
                throw changed(
                        order < 0
                                ? "'" + file.path() + "' is new"
                                : "'" + planned.path() + "' is missing");
            }
            if (file.bytes() != planned.bytes()
                    || (file.modified() != planned.modified()
                            && !planned(file, null).sha256().equals(planned.sha256()))) {
                throw changed("'" + file.path() + "' has another content");
            }
        }
        return found;
    }

    CorpusException changed(String what) {
        return new CorpusException(
                "the source changed while '"
                        + request.out()
                        + "' was being built: "
                        + what
                        + "; put the source back, or delete that folder and begin again");
    }

    private PlannedFile planned(SourceFile file, @Nullable StreamStarts streams)
            throws IOException {
        MessageDigest digest = DiskFiles.sha256();
        long bytes = 0;
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file.location())) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                if (stop.getAsBoolean()) {
                    throw new StoppedException();
                }
                digest.update(block, 0, read);
                if (streams != null) {
                    streams.look(block, read);
                }
                bytes += read;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return new PlannedFile(file.path(), bytes, file.modified(), DiskFiles.hex(digest));
    }

    private static CorpusException unreadable(SourceFile file, IOException cause) {
        return new CorpusException(
                "'"
                        + file.location()
                        + "' cannot be read ("
                        + cause
                        + "); put that right, or take"
                        + " it out of the source",
                cause);
    }
}
