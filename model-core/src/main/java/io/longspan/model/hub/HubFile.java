package io.longspan.model.hub;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A file as the server lists it.
 *
 * @param name in the repository
 * @param size in bytes, or -1 when the server does not say
 * @param sha256 of the contents in hexadecimal, for large files; or null
 * @param blob git's name of the contents, SHA-1 in hexadecimal, for small files; or null
 */
record HubFile(String name, long size, @Nullable String sha256, @Nullable String blob) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

    /**
     * Reads an entry of a listing.
     *
     * @throws ModelInputException when the name leads out of a folder
     */
    static HubFile of(JsonNode entry) {
        String name = entry.path("rfilename").asString("");
        boolean outside =
                name.isEmpty()
                        || name.startsWith("/")
                        || name.contains("\\")
                        || name.contains(":")
                        || name.chars().anyMatch(Character::isISOControl)
                        || ("/" + name + "/").contains("/../")
                        || ("/" + name + "/").contains("/./");
        if (outside) {
            throw new ModelInputException(
                    "the server lists a file "
                            + Quoted.of(name)
                            + ", which would lie outside the folder; nothing was written, so use another endpoint");
        }
        JsonNode large = entry.path("lfs");
        String sha256 =
                large.path("sha256")
                        .asString(large.path("oid").asString(""))
                        .replace("sha256:", "");
        String blob = entry.path("blobId").asString("");
        long size = large.path("size").asLong(entry.path("size").asLong(-1));
        boolean isLarge = SHA256.matcher(sha256).matches();
        return new HubFile(
                name,
                size,
                isLarge ? sha256 : null,
                !isLarge && SHA1.matcher(blob).matches() ? blob : null);
    }

    /** What can be checked of it when it is here. */
    String proof() {
        return sha256 != null ? "sha256" : blob != null ? "git sha1" : size >= 0 ? "size" : "none";
    }
}
