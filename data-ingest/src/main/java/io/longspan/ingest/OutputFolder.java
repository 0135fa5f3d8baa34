package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.DiskFiles;
import io.longspan.corpus.Manifest;
import io.longspan.corpus.ShardEntry;
import io.longspan.corpus.ShardWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of a data set and the hidden one in it, {@code .ingest}, which is there while the data
 * set is built: {@code request.json}, {@code plan.json}, one receipt for each shard; where
 * duplicates are looked for, digests and what they have come to.
 */
record OutputFolder(Path out) {
    private static final String REQUEST = "request.json";
    private static final String PLAN = "plan.json";
    private static final String BUILD = "build";
    private static final String DUPLICATES = "duplicates.bits";

    /** The hidden folder. */
    Path hidden() {
        return out.resolve(".ingest");
    }

    private Path work() {
        return hidden();
    }

    /**
     * Begins a build, or finds the one that was begun.
     *
     * @return its key, new for each build
     * @throws CorpusException when the folder holds something else, or a build of another request
     */
    String begin(SortedMap<String, String> identity) throws IOException {
        if (Files.exists(work().resolve(REQUEST))) {
            SortedMap<String, String> before = request();
            String build = String.valueOf(before.remove(BUILD));
            Identity.requireSame(out, before, identity);
            return build;
        }
        requireNothingElse();
        Files.createDirectories(work());
        String build = UUID.randomUUID().toString();
        ObjectNode json = JsonMapper.shared().createObjectNode().put(BUILD, build);
        identity.forEach(json::put);
        DiskFiles.writeAtomically(work().resolve(REQUEST), json.toString());
        return build;
    }

    /** The manifest, when the data set is complete and no build is under way. */
    Optional<Manifest> complete() throws IOException {
        if (Files.exists(work().resolve(REQUEST)) || !Files.exists(out.resolve(Manifest.FILE))) {
            return Optional.empty();
        }
        Manifest manifest = Manifest.read(out);
        clean();
        return Optional.of(manifest);
    }

    Optional<Plan> plan() throws IOException {
        Path file = work().resolve(PLAN);
        return Files.exists(file) ? Optional.of(readPlan(file)) : Optional.empty();
    }

    private static Plan readPlan(Path file) throws IOException {
        try {
            return PlanJson.plan(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw damaged(file, e);
        }
    }

    void write(Plan plan) {
        DiskFiles.writeAtomically(work().resolve(PLAN), PlanJson.text(plan));
    }

    void write(String shard, Receipt receipt) {
        DiskFiles.writeAtomically(receiptFile(shard), PlanJson.text(receipt));
    }

    /** The receipt of a shard that is done: it is there, or has no documents. */
    Optional<Receipt> done(String shard) throws IOException {
        Path file = receiptFile(shard);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Receipt receipt = PlanJson.receipt(Files.readAllBytes(file));
            return receipt.entry().isEmpty() || ShardWriter.isPublished(out, shard)
                    ? Optional.of(receipt)
                    : Optional.empty();
        } catch (JacksonException e) {
            throw damaged(file, e);
        }
    }

    /** How many runs a lane's survey has written, once it is complete. */
    Optional<Integer> surveyed(String lane) throws IOException {
        Path file = work().resolve(lane + ".survey");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    JsonMapper.shared()
                            .readTree(Files.readAllBytes(file))
                            .required("runs")
                            .asInt());
        } catch (JacksonException e) {
            throw damaged(file, e);
        }
    }

    void writeSurveyed(String lane, int runs, long records) {
        DiskFiles.writeAtomically(
                work().resolve(lane + ".survey"),
                JsonMapper.shared()
                        .createObjectNode()
                        .put("runs", runs)
                        .put("records", records)
                        .toString());
    }

    /** The file of a run of digests. */
    Path run(String lane, int number) {
        return work().resolve(lane + "-" + number + ".digests");
    }

    void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** What the surveys have come to, once that is known. */
    Optional<Duplicates> duplicates() throws IOException {
        Path file = work().resolve(DUPLICATES);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return Optional.of(Duplicates.read(in));
        }
    }

    void write(Duplicates found) throws IOException {
        Path partial = work().resolve(DUPLICATES + ".partial");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
            found.write(out);
        }
        Files.move(
                partial,
                work().resolve(DUPLICATES),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Refuses a shard whose files are not what its receipt says. */
    void checkSizes(ShardEntry entry) throws IOException {
        checkSize(entry.name() + ".bin", entry.bin());
        checkSize(entry.name() + ".idx", entry.idx());
        checkSize(entry.name() + ".meta.parquet", entry.meta());
    }

    private void checkSize(String name, ShardEntry.FileEntry entry) throws IOException {
        Path file = out.resolve(name);
        long bytes = Files.exists(file) ? Files.size(file) : 0;
        if (bytes != entry.bytes()) {
            throw new CorpusException(
                    "'"
                            + file
                            + "' has "
                            + bytes
                            + " bytes where "
                            + entry.bytes()
                            + " were written; something changed it, so delete '"
                            + out
                            + "' and run it again");
        }
    }

    /** Removes the hidden folder; the request first, for without it the manifest counts. */
    void clean() throws IOException {
        Files.deleteIfExists(work().resolve(REQUEST));
        if (Files.isDirectory(work())) {
            for (Path file : list(work())) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(work());
        }
    }

    private Path receiptFile(String shard) {
        return work().resolve(shard + ".json");
    }

    private SortedMap<String, String> request() throws IOException {
        Path file = work().resolve(REQUEST);
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(file));
            SortedMap<String, String> found = new TreeMap<>();
            json.properties().forEach(e -> found.put(e.getKey(), e.getValue().asString("")));
            return found;
        } catch (JacksonException e) {
            throw damaged(file, e);
        }
    }

    private void requireNothingElse() throws IOException {
        for (Path file : list(out)) {
            if (!file.equals(work()) && !file.equals(OutputLock.file(out))) {
                throw new CorpusException(
                        "'"
                                + out
                                + "' holds something else ('"
                                + file.getFileName()
                                + "'); name an empty or a new folder");
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static CorpusException damaged(Path file, JacksonException problem) {
        return new CorpusException(
                "'"
                        + file
                        + "' is damaged ("
                        + problem.getOriginalMessage()
                        + "); delete the folder of the data set and run it again",
                problem);
    }
}
