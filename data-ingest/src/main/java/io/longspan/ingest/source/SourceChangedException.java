package io.longspan.ingest.source;

/** A file is no longer what it was when the plan was made. */
public final class SourceChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String path;

    SourceChangedException(String path) {
        super("'" + path + "' has another content");
        this.path = path;
    }

    /** The file, inside its source. */
    public String path() {
        return path;
    }
}
