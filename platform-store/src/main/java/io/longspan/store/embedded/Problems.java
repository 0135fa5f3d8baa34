package io.longspan.store.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Words for what went wrong with files and commands. */
final class Problems {
    private static final int LINES = 4;

    private Problems() {}

    /** A reason in words: the file system's own exceptions carry only a path. */
    static String reason(IOException problem) {
        return switch (problem) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a file is in the way";
            case NoSuchFileException missing -> "'" + missing.getFile() + "' is missing";
            default -> String.valueOf(problem.getMessage());
        };
    }

    /** The last lines of what a command said, in one. */
    static String ending(String output) {
        List<String> lines = output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
