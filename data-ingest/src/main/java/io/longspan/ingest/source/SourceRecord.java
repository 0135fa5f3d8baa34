package io.longspan.ingest.source;

import io.longspan.corpus.DiskFiles;
import io.longspan.ingest.rule.DropReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** What stands at one place of a source. The same source gives the same records in each run. */
public sealed interface SourceRecord {
    /** Unique in the source: the path of the file, and the place in it where it holds several. */
    String id();

    /**
     * A document as the source has it.
     *
     * @param id see above
     * @param path of its file, inside the source
     * @param key by which the source itself knows it, such as a page number or an address; draws by
     *     hash go by it, so they agree over several forms of one source
     * @param text undecorated
     * @param title or empty
     * @param url or empty
     * @param licence or empty
     * @param split {@code train}, {@code val} or another name that the source gives, or empty
     * @param bytes the text in UTF-8, where it stands so in a file of its own
     */
    record Document(
            String id,
            String path,
            String key,
            String text,
            String title,
            String url,
            String licence,
            String split,
            Optional<Bytes> bytes)
            implements SourceRecord {
        /** Of a text whose bytes are not known. */
        public Document(
                String id,
                String path,
                String key,
                String text,
                String title,
                String url,
                String licence,
                String split) {
            this(id, path, key, text, title, url, licence, split, Optional.empty());
        }

        /** With another text; one that is the same keeps its bytes. */
        public Document withText(String other) {
            Optional<Bytes> kept = other.equals(text) ? bytes : Optional.empty();
            return new Document(id, path, key, other, title, url, licence, split, kept);
        }

        /** With what is known about its text in UTF-8. */
        Document withBytes(Bytes known) {
            return new Document(
                    id, path, key, text, title, url, licence, split, Optional.of(known));
        }
    }

    /**
     * A text in UTF-8.
     *
     * @param count of bytes
     * @param sha256 of them, in hex
     */
    record Bytes(long count, String sha256) {
        /** Of any text. */
        public static Bytes of(String text) {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            MessageDigest digest = DiskFiles.sha256();
            digest.update(content);
            return new Bytes(content.length, DiskFiles.hex(digest));
        }
    }

    /**
     * Nothing that can be used.
     *
     * @param id see above
     * @param path of its file, inside the source
     * @param offset byte of the file, or of what it unpacks to, or row, where it stands
     * @param reason why
     * @param detail in words; may be empty
     */
    record Unusable(String id, String path, long offset, DropReason reason, String detail)
            implements SourceRecord {}
}
