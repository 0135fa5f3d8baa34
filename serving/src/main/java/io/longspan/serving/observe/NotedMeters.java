package io.longspan.serving.observe;

import io.longspan.serving.trace.CollectorNotes;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMetricsSender;

/**
 * Sends meters by HTTP and says in a line when they do not arrive; the registry would log a stack
 * trace a minute.
 */
final class NotedMeters implements OtlpMetricsSender {
    private final OtlpMetricsSender sender =
            new OtlpHttpMetricsSender(new HttpUrlConnectionSender());

    private final CollectorNotes notes;

    NotedMeters(CollectorNotes notes) {
        this.notes = notes;
    }

    @Override
    public void send(Request request) {
        try {
            sender.send(request);
            notes.taken();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            notes.failed(String.valueOf(cause.getMessage()));
        }
    }
}
