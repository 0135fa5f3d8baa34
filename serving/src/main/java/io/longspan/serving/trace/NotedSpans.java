package io.longspan.serving.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans by another exporter and says in a line when they do not arrive, instead of that one's
 * words: these come with every attempt, most with a stack trace.
 */
final class NotedSpans implements SpanExporter {
    private final SpanExporter exporter;
    private final CollectorNotes notes;

    /** Held, since the platform forgets what it was told about a logger that nobody holds. */
    private final Logger quiet = Logger.getLogger("io.opentelemetry.exporter");

    NotedSpans(SpanExporter exporter, CollectorNotes notes) {
        this.exporter = exporter;
        this.notes = notes;
        quiet.setLevel(Level.OFF);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                notes.taken();
            } else {
                notes.failed(why(result.getFailureThrowable()));
            }
        });
    }

    private static String why(@Nullable Throwable problem) {
        return problem == null ? "it refused them" : String.valueOf(problem.getMessage());
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
