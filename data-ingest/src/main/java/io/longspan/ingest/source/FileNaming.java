package io.longspan.ingest.source;

import java.util.Locale;

/**
 * What the end of a file's name says about its content.
 *
 * @param compression how it is compressed
 * @param archive whether it is a tar archive beneath
 * @param inner the name without those ends, in lower case
 */
record FileNaming(Compression compression, boolean archive, String inner) {
    /** How bytes are compressed. */
    enum Compression {
        NONE(""),
        GZIP(".gz"),
        BZIP2(".bz2"),
        ZSTD(".zst");

        private final String end;

        Compression(String end) {
            this.end = end;
        }
    }

    static FileNaming of(String name) {
        String rest = name.toLowerCase(Locale.ROOT);
        Compression compression = Compression.NONE;
        if (rest.endsWith(".tgz")) {
            return new FileNaming(Compression.GZIP, true, cut(rest, ".tgz"));
        }
        for (Compression one : Compression.values()) {
            if (one != Compression.NONE && rest.endsWith(one.end)) {
                compression = one;
                rest = cut(rest, one.end);
                break;
            }
        }
        boolean archive = rest.endsWith(".tar");
        return new FileNaming(compression, archive, archive ? cut(rest, ".tar") : rest);
    }

    /** Whether it has to be read from its beginning. */
    boolean packed() {
        return archive || compression != Compression.NONE;
    }

    boolean parquet() {
        return !packed() && inner.endsWith(".parquet");
    }

    private static String cut(String name, String end) {
        return name.substring(0, name.length() - end.length());
    }
}
