package io.longspan.ingest;

import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.SourceRecord;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was left out of one shard, a JSON line for each record, with its reason and what text it
 * had: {@code shard-00000.dropped.jsonl.gz}. Where nothing was left out there is no file. Hidden
 * until it is complete, as the shard is; becomes visible before the shard's receipt.
 */
final class DroppedFile implements AutoCloseable {
    private final Path file;
    private final Path hidden;
    private @Nullable OutputStream out;

    DroppedFile(Path folder, String shard) {
        file = folder.resolve(shard + ".dropped.jsonl.gz");
        hidden = folder.resolve("." + file.getFileName() + ".partial");
    }

    void add(SourceRecord record, DropReason reason) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", record.id()).put("reason", reason.label());
        switch (record) {
            case Document document ->
                    json.put("path", document.path())
                            .put("title", document.title())
                            .put("url", document.url())
                            .put("text", document.text());
            case Unusable unusable ->
                    json.put("path", unusable.path())
                            .put("offset", unusable.offset())
                            .put("detail", unusable.detail());
        }
        try {
            OutputStream to = out;
            if (to == null) {
                to = new GZIPOutputStream(Files.newOutputStream(hidden), 1 << 16);
                out = to;
            }
            to.write((json + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    void publish() {
        if (out == null) {
            return;
        }
        try {
            out.close();
            Files.move(
                    hidden,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(e);
        }
        out = null;
    }

    private UncheckedIOException unwritable(IOException cause) {
        return new UncheckedIOException(
                "'"
                        + file
                        + "' cannot be written ("
                        + cause.getMessage()
                        + "); make room or put that right, and run it again",
                cause);
    }

    /** Removes what was not published. */
    @Override
    public void close() {
        if (out == null) {
            return;
        }
        try {
            out.close();
        } catch (IOException _) {
            // A full disk; the file is removed next.
        }
        out = null;
        try {
            Files.deleteIfExists(hidden);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
