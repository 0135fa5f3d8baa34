package io.longspan.model;

/**
 * Something that the user handed in cannot be used: a file, a setting, a text. The message is one
 * sentence that names the thing, the value found, what was allowed and what to do.
 */
public final class ModelInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A problem with nothing beneath it. */
    public ModelInputException(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public ModelInputException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same problem with the file it was found in before it. */
    public ModelInputException in(Object file) {
        return new ModelInputException("'" + file + "': " + getMessage(), this);
    }
}
