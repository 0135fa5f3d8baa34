package io.longspan.model.hub;

import java.util.List;

/**
 * What was pulled.
 *
 * @param repository {@code OWNER/NAME}
 * @param revision that was asked for
 * @param commit that it stood for
 * @param files in the order they came
 */
public record HubReport(String repository, String revision, String commit, List<Pulled> files) {
    /**
     * One file.
     *
     * @param name in the folder
     * @param bytes in all
     * @param kept of them that an earlier attempt had left
     * @param proof what was checked: {@code sha256}, {@code git sha1}, {@code size} or {@code none}
     */
    public record Pulled(String name, long bytes, long kept, String proof) {}

    /** Copies the list. */
    public HubReport {
        files = List.copyOf(files);
    }

    /** Bytes of all files. */
    public long bytes() {
        return files.stream().mapToLong(Pulled::bytes).sum();
    }
}
