package io.longspan.serving.trace;

import io.grpc.Metadata;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller says its call is part of, as W3C's Trace Context writes it.
 *
 * @param trace identity of the trace, 32 hexadecimal digits
 * @param span identity of the span that calls, 16 hexadecimal digits
 * @param sampled whether the caller keeps its part of the trace
 * @param state what systems on the way say of it to each other, as it came; empty for nothing
 */
public record TraceParent(String trace, String span, boolean sampled, String state) {
    /** Header that carries it. */
    public static final Metadata.Key<String> HEADER =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    /** Header that carries what systems on the way say to each other; several are one list. */
    public static final Metadata.Key<String> STATE =
            Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

    /** Later versions may have more behind these four parts; version ff is none. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final Pattern ZEROS = Pattern.compile("0+");
    private static final int HEX = 16;

    /** Without a state. */
    public TraceParent(String trace, String span, boolean sampled) {
        this(trace, span, sampled, "");
    }

    /** What a call brings. What is not written as the standard says is no trace. */
    public static Optional<TraceParent> of(Metadata headers) {
        String given = headers.get(HEADER);
        if (given == null) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(given);
        boolean valid =
                parts.matches()
                        && !ZEROS.matcher(parts.group(1)).matches()
                        && !ZEROS.matcher(parts.group(2)).matches()
                        && (parts.group(4) == null || !given.startsWith("00"));
        return valid
                ? Optional.of(
                        new TraceParent(
                                parts.group(1),
                                parts.group(2),
                                (Integer.parseInt(parts.group(3), HEX) & 1) == 1,
                                state(headers)))
                : Optional.empty();
    }

    private static String state(Metadata headers) {
        Iterable<String> all = headers.getAll(STATE);
        return all == null ? "" : String.join(",", all);
    }

    /** As the header is written. */
    String header() {
        return "00-" + trace + "-" + span + (sampled ? "-01" : "-00");
    }
}
