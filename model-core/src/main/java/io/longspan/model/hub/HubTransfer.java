package io.longspan.model.hub;

import io.longspan.model.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Brings one file. Bytes gather under a name of their own; the file's name stands for checked
 * contents. What is there when a transfer breaks is kept and the rest is asked for.
 */
final class HubTransfer {
    private static final int PIECE = 1 << 16;
    private static final int TRIES = 5;

    private final HubConnection connection;
    private final URI address;
    private final HubFile file;
    private final Path target;
    private final Path part;
    private final Duration patience;
    private final Duration pause;
    private final LongConsumer arrived;

    /**
     * A transfer that has not begun.
     *
     * @param folder that the file goes to
     * @param patience without a byte before a connection counts as broken
     * @param pause before the second try; it doubles with each
     * @param arrived hears how many bytes of the file are here
     */
    HubTransfer(
            HubConnection connection,
            URI address,
            HubFile file,
            Path folder,
            Duration patience,
            Duration pause,
            LongConsumer arrived) {
        this.connection = connection;
        this.address = address;
        this.file = file;
        target = folder.resolve(file.name());
        part = folder.resolve(file.name() + ".part");
        this.patience = patience;
        this.pause = pause;
        this.arrived = arrived;
    }

    /**
     * Brings the file, unless it is here.
     *
     * @return bytes of it that an earlier run had left
     * @throws HubUnavailableException when it does not come, or is not what was promised
     * @throws UncheckedIOException when the disk refuses
     */
    long run() {
        try {
            if (Files.exists(target)) {
                arrived.accept(Files.size(target));
                return Files.size(target);
            }
            long kept = here();
            bring();
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException("'" + part + "' cannot be written", e);
        }
    }

    private void bring() throws IOException {
        int failures = 0;
        while (true) {
            long before = here();
            try {
                receive();
                finish();
                return;
            } catch (BrokenTransfer e) {
                // A server that gives a little each time is worth more tries than a dead one.
                failures = here() > before ? 1 : failures + 1;
                if (failures == TRIES) {
                    throw broken(e.reason());
                }
                rest(pause.multipliedBy(1L << (failures - 1)));
            }
        }
    }

    private HubUnavailableException broken(IOException cause) throws IOException {
        return new HubUnavailableException(
                here() == 0
                        ? HubDownload.unreachable(address, cause)
                        : "'"
                                + address
                                + "' broke off at byte "
                                + here()
                                + " ("
                                + Quoted.plain(String.valueOf(cause.getMessage()))
                                + "); check the network and run the same command again: it goes on from there",
                cause);
    }

    private long here() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** Asks for what is missing and adds it. */
    private void receive() throws IOException {
        long from = here();
        if (file.size() >= 0 && from > file.size()) {
            Files.delete(part);
            from = 0;
        }
        if (from > 0 && from == file.size()) {
            return;
        }
        HttpResponse<InputStream> response;
        try {
            response = connection.get(address, from);
        } catch (IOException e) {
            throw new BrokenTransfer(e);
        }
        boolean goesOn = response.statusCode() == 206 && startsAt(response, from);
        if (!goesOn && response.statusCode() != 200) {
            response.body().close();
            Files.deleteIfExists(part);
            throw new BrokenTransfer(
                    new IOException("status " + response.statusCode() + " for byte " + from));
        }
        try (InputStream in = response.body();
                StallGuard guard = new StallGuard(in, patience);
                OutputStream out =
                        Files.newOutputStream(
                                part,
                                StandardOpenOption.CREATE,
                                goesOn
                                        ? StandardOpenOption.APPEND
                                        : StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)) {
            copy(in, guard, out, goesOn ? from : 0);
        }
    }

    private void copy(InputStream in, StallGuard guard, OutputStream out, long from)
            throws IOException {
        byte[] piece = new byte[PIECE];
        long done = from;
        while (true) {
            int count;
            try {
                count = in.read(piece);
            } catch (IOException e) {
                throw new BrokenTransfer(e);
            }
            if (count < 0) {
                break;
            }
            guard.alive();
            done += count;
            if (file.size() >= 0 && done > file.size()) {
                throw new HubUnavailableException(
                        "'"
                                + address
                                + "' gives more than the "
                                + file.size()
                                + " bytes that it was listed with; use another endpoint");
            }
            out.write(piece, 0, count);
            arrived.accept(done);
        }
        if (file.size() >= 0 && done < file.size()) {
            throw new BrokenTransfer(
                    new IOException("ended after " + done + " of " + file.size() + " bytes"));
        }
    }

    private static boolean startsAt(HttpResponse<InputStream> response, long from) {
        return response.headers()
                .firstValue("Content-Range")
                .filter(range -> range.startsWith("bytes " + from + "-"))
                .isPresent();
    }

    private void finish() throws IOException {
        ContentDigest digest = ContentDigest.of(file);
        try (InputStream in = Files.newInputStream(part)) {
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                digest.add(piece, count);
            }
        }
        if (!digest.matches()) {
            Files.delete(part);
            throw new HubUnavailableException(
                    "'"
                            + address
                            + "' has another "
                            + file.proof()
                            + " than it was listed with, so it was damaged or exchanged on the way; it was thrown away: run the same command again");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubUnavailableException("the transfer was interrupted; run it again", e);
        }
    }

    /** The network failed, not the disk. */
    private static final class BrokenTransfer extends IOException {
        private static final long serialVersionUID = 1;

        private final IOException reason;

        BrokenTransfer(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        IOException reason() {
            return reason;
        }
    }
}
