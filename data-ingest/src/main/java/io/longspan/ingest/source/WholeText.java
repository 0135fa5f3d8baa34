package io.longspan.ingest.source;

import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.SourceRecord.Bytes;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import io.longspan.ingest.source.Unpacker.Unpacked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text file is a document.
 *
 * @param named whether the file's own name is its key and title, wherever it lies
 * @param digests of the files of the part by their paths, where they are neither packed nor in
 *     archives: each is that of a text too then
 */
record WholeText(boolean named, Map<String, String> digests) implements RecordFormat {
    @Override
    public Records open(Unpacked file, long base, ReadLimits limits) {
        return new Records() {
            private boolean done;

            @Override
            public @Nullable SourceRecord next() throws IOException {
                if (done) {
                    return null;
                }
                done = true;
                return document(file, limits);
            }
        };
    }

    private SourceRecord document(Unpacked file, ReadLimits limits) throws IOException {
        byte[] content =
                file.content()
                        .readNBytes(
                                (int) Math.min(Integer.MAX_VALUE, limits.longestDocument() + 1));
        String path = file.path();
        if (content.length > limits.longestDocument()) {
            return new Unusable(path, path, 0, DropReason.TOO_LARGE, "");
        }
        Optional<String> text = TextDecoder.decode(content, limits.fallback());
        if (text.isEmpty()) {
            return new Unusable(path, path, 0, DropReason.UNDECODABLE, "no UTF-8");
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        Document found =
                new Document(
                        path, path, named ? name : path, text.get(), named ? name : "", "", "", "");
        String digest = digests.get(path);
        return digest != null && surelyUtf8(content, limits)
                ? found.withBytes(new Bytes(content.length, digest))
                : found;
    }

    /** Whether the text came out of UTF-8, so that it goes back to the same bytes. */
    private static boolean surelyUtf8(byte[] content, ReadLimits limits) {
        return limits.fallback().isEmpty()
                && TextDecoder.marked(content)
                        .map(charset -> charset.equals(StandardCharsets.UTF_8))
                        .orElse(true);
    }
}
