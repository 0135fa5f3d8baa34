package io.longspan.model.hub;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pulls a model into a folder. Files gather in a hidden folder beside it, named after the commit;
 * the folder gets its name when all are there and checked. What a broken attempt leaves is used by
 * the next one.
 */
public final class HubDownload {
    private static final int LARGEST_LISTING = 16 << 20;
    private static final String LOCK = ".lock";

    private final HubModel model;
    private final Duration patience;
    private final Duration pause;

    /**
     * A download with a minute's patience for a silent server and a second before it tries again.
     */
    public HubDownload(HubModel model) {
        this(model, Duration.ofMinutes(1), Duration.ofSeconds(1));
    }

    /**
     * The same with other times.
     *
     * @param patience without a byte before a connection counts as broken
     * @param pause before the second try of a broken transfer; it doubles with each
     */
    HubDownload(HubModel model, Duration patience, Duration pause) {
        this.model = model;
        this.patience = patience;
        this.pause = pause;
    }

    /**
     * Pulls.
     *
     * @param to folder to make
     * @param progress hears of bytes
     * @throws ModelInputException when the model is not there for us, lists names that lead out of
     *     the folder, has nothing that can be read, or does not fit on the disk
     * @throws HubUnavailableException when the network or the server fails
     * @throws UncheckedIOException when the disk refuses
     */
    public HubReport pull(Path to, Progress progress) {
        NewFolder.check(to);
        Path whole = to.toAbsolutePath().normalize();
        try (HubConnection connection = new HubConnection(model, patience)) {
            HubListing listing = listing(connection);
            List<HubFile> wanted = listing.wanted(model);
            String commit = listing.commit().replace('/', '_');
            Path hidden = whole.resolveSibling("." + whole.getFileName() + "." + commit + ".pull");
            Files.createDirectories(hidden);
            List<HubReport.Pulled> pulled;
            try (FileChannel channel = lock(hidden)) {
                checkRoom(hidden, wanted);
                pulled = bring(connection, listing, wanted, hidden, progress);
                channel.force(true);
            }
            publish(hidden, whole, wanted);
            return new HubReport(model.repository(), model.revision(), listing.commit(), pulled);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + to + "' cannot be written", e);
        }
    }

    static String unreachable(URI address, IOException cause) {
        String why =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return "'"
                + address
                + "' cannot be reached ("
                + Quoted.plain(why)
                + "); check the network, or name a mirror with --endpoint or longspan.hub.endpoint";
    }

    private HubListing listing(HubConnection connection) {
        URI address = model.listing();
        try {
            HttpResponse<InputStream> response = connection.get(address, 0);
            byte[] json;
            try (InputStream in = response.body();
                    StallGuard _ = new StallGuard(in, patience)) {
                json = in.readNBytes(LARGEST_LISTING + 1);
            }
            if (json.length > LARGEST_LISTING) {
                throw new HubUnavailableException(
                        "'" + address + "' lists more than 16 MiB of names; check the endpoint");
            }
            return HubListing.of(parsed(address, json), model.revision());
        } catch (IOException e) {
            throw new HubUnavailableException(unreachable(address, e), e);
        }
    }

    private static ObjectNode parsed(URI address, byte[] json) {
        try {
            return InputJson.object(json);
        } catch (ModelInputException e) {
            throw new HubUnavailableException(
                    "'" + address + "' gives no listing in JSON; check the endpoint", e);
        }
    }

    private List<HubReport.Pulled> bring(
            HubConnection connection,
            HubListing listing,
            List<HubFile> wanted,
            Path hidden,
            Progress progress)
            throws IOException {
        long total = wanted.stream().mapToLong(file -> Math.max(0, file.size())).sum();
        List<HubReport.Pulled> pulled = new ArrayList<>();
        long before = 0;
        for (HubFile file : wanted) {
            long done = before;
            HubTransfer transfer =
                    new HubTransfer(
                            connection,
                            model.file(listing.commit(), file.name()),
                            file,
                            hidden,
                            patience,
                            pause,
                            here -> progress.advance(file.name(), done + here, total));
            long kept = transfer.run();
            long bytes = Files.size(hidden.resolve(file.name()));
            before += bytes;
            pulled.add(new HubReport.Pulled(file.name(), bytes, kept, file.proof()));
        }
        return pulled;
    }

    /** What is missing has to fit before anything is asked for. */
    private static void checkRoom(Path hidden, List<HubFile> wanted) throws IOException {
        long needed = 0;
        for (HubFile file : wanted) {
            needed += Math.max(0, file.size());
        }
        try (Stream<Path> here = Files.list(hidden)) {
            for (Path path : here.toList()) {
                needed -= Files.size(path);
            }
        }
        long room = Files.getFileStore(hidden).getUsableSpace();
        if (needed > room) {
            throw new ModelInputException(
                    "the disk of '"
                            + hidden.getParent()
                            + "' has "
                            + (room >> 20)
                            + " MiB left and "
                            + (needed >> 20)
                            + " MiB are still to come; make room, or name another folder with --to");
        }
    }

    private static FileChannel lock(Path hidden) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        hidden.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new ModelInputException(
                    "another process is pulling the same model into '"
                            + hidden.getParent()
                            + "'; wait for it");
        }
        return channel;
    }

    /** Gives the folder its name, with what was asked for and nothing else in it. */
    private static void publish(Path hidden, Path whole, List<HubFile> wanted) throws IOException {
        List<String> names = wanted.stream().map(HubFile::name).toList();
        try (Stream<Path> here = Files.list(hidden)) {
            for (Path path : here.toList()) {
                if (!names.contains(path.getFileName().toString())) {
                    Files.delete(path);
                }
            }
        }
        Files.deleteIfExists(whole);
        Files.move(hidden, whole, StandardCopyOption.ATOMIC_MOVE);
    }
}
