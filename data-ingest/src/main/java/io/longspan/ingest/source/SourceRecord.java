package io.longspan.ingest.source;

import io.longspan.ingest.rule.DropReason;

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
     */
    record Document(
            String id,
            String path,
            String key,
            String text,
            String title,
            String url,
            String licence,
            String split)
            implements SourceRecord {
        /** With another text. */
        public Document withText(String other) {
            return new Document(id, path, key, other, title, url, licence, split);
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
