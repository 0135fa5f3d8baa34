package io.longspan.serving.observe;

import io.grpc.Metadata;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The trace that a caller says its call is part of, as W3C's Trace Context writes it. */
final class TraceParent {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    /** Later versions may have more behind these four parts; version ff is none. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

    private static final Pattern ZEROS = Pattern.compile("0+");

    private TraceParent() {}

    /** The trace's identity. What is not written as the standard says is no trace. */
    static Optional<String> trace(Metadata headers) {
        String given = headers.get(HEADER);
        if (given == null) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(given);
        boolean valid =
                parts.matches()
                        && !ZEROS.matcher(parts.group(1)).matches()
                        && !ZEROS.matcher(parts.group(2)).matches()
                        && (parts.group(3) == null || !given.startsWith("00"));
        return valid ? Optional.of(parts.group(1)) : Optional.empty();
    }
}
