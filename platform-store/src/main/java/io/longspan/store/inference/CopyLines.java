package io.longspan.store.inference;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Rows in the text format of PostgreSQL's COPY. A NUL becomes U+FFFD. */
final class CopyLines {
    /** Columns in the order of the fields. */
    static final String COLUMNS =
            "id, at, caller, method, model, model_version, backend, backend_version, precision, tokens, "
                    + "tokenize_nanos, queue_nanos, compute_nanos, total_nanos, batch_size, status, message, payload_digest, trace";

    private CopyLines() {}

    static byte[] of(List<InferenceRow> rows) {
        StringBuilder lines = new StringBuilder(rows.size() * 256);
        for (InferenceRow row : rows) {
            lines.append(row.id()).append('\t').append(time(row.at())).append('\t');
            text(lines, row.caller());
            text(lines, row.method());
            text(lines, row.model());
            text(lines, row.modelVersion());
            text(lines, row.backend());
            text(lines, row.backendVersion());
            text(lines, row.precision());
            lines.append(row.tokens())
                    .append('\t')
                    .append(row.tokenizeNanos())
                    .append('\t')
                    .append(row.queueNanos())
                    .append('\t')
                    .append(row.computeNanos())
                    .append('\t')
                    .append(row.totalNanos())
                    .append('\t')
                    .append(row.batchSize())
                    .append('\t');
            text(lines, row.status());
            text(lines, row.message());
            text(lines, row.payloadDigest());
            text(lines, row.trace());
            lines.setCharAt(lines.length() - 1, '\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Cut as the column is, and not rounded, so that a row that comes again is the same. */
    private static Instant time(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS);
    }

    private static void text(StringBuilder lines, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> lines.append("\\\\");
                case '\t' -> lines.append("\\t");
                case '\n' -> lines.append("\\n");
                case '\r' -> lines.append("\\r");
                case '\0' -> lines.append('\uFFFD');
                default -> lines.append(c);
            }
        }
        lines.append('\t');
    }
}
