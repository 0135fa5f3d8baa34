package io.longspan.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.GetPayloadResponse;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.MaskPredictions;
import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.TokenPrediction;
import io.longspan.cli.term.Printable;
import io.longspan.cli.term.Table;
import java.util.List;
import java.util.Locale;

/** Answers of a server, for people. */
final class CallView {
    private static final int SHOWN = 8;
    private static final int MEBIBYTE = 20;

    private CallView() {}

    static String text(FillMaskResponse answer) {
        Table table = new Table("mask", "guess", "probability", "id");
        for (int mask = 0; mask < answer.getMasksCount(); mask++) {
            MaskPredictions predictions = answer.getMasks(mask);
            for (TokenPrediction guess : predictions.getPredictionsList()) {
                table.row(
                        Integer.toString(mask + 1),
                        Printable.quoted(guess.getToken()),
                        String.format(Locale.ROOT, "%.4f", guess.getProbability()),
                        Integer.toString(guess.getTokenId()));
            }
        }
        return table + "\n\n" + text(answer.getCall());
    }

    static String text(EmbedResponse answer) {
        StringBuilder vector = new StringBuilder();
        for (int i = 0; i < Math.min(SHOWN, answer.getVectorCount()); i++) {
            vector.append(
                    String.format(Locale.ROOT, "%s%.4f", i == 0 ? "" : ", ", answer.getVector(i)));
        }
        return "["
                + vector
                + (answer.getVectorCount() > SHOWN ? ", ..." : "")
                + "] "
                + answer.getVectorCount()
                + " numbers; --json prints them all\n\n"
                + text(answer.getCall());
    }

    static String text(CallInfo call) {
        return String.format(
                Locale.ROOT,
                "model %s %s, %s attention %s, %s, %d tokens: tokenise %s, queue %s, compute %s%s%s%ninference %s",
                call.getModel(),
                call.getModelVersion(),
                call.getBackend(),
                call.getBackendVersion(),
                call.getPrecision(),
                call.getTokens(),
                millis(call.getTokenizeTime()),
                millis(call.getQueueTime()),
                millis(call.getComputeTime()),
                batch(call),
                cut(call),
                call.getInferenceId());
    }

    /** Only where the text was longer than the model. */
    private static String cut(CallInfo call) {
        return call.getTruncatedTokens() > 0
                ? String.format(
                        Locale.ROOT,
                        "%n%,d tokens of the text were cut off",
                        call.getTruncatedTokens())
                : call.getWindows() > 1
                        ? String.format(Locale.ROOT, "%nread in %,d windows", call.getWindows())
                        : "";
    }

    /** Only where others were in the batch. */
    private static String batch(CallInfo call) {
        return call.getBatchSize() > 1
                ? String.format(
                        Locale.ROOT,
                        " in a batch of %d requests, %d tokens",
                        call.getBatchSize(),
                        call.getBatchTokens())
                : "";
    }

    static String models(List<ModelDescription> models, List<ModelAlias> aliases) {
        Table table = new Table("model", "version", "task", "tokens", "parameters", "backend");
        models.forEach(m ->
                table.row(
                        m.getName(),
                        m.getVersion(),
                        m.getTask(),
                        Integer.toString(m.getMaxTokens()),
                        String.format(Locale.ROOT, "%,d", m.getParameters()),
                        m.getBackend()));
        StringBuilder names = new StringBuilder();
        aliases.forEach(a ->
                names.append(
                        String.format(
                                Locale.ROOT,
                                "%n%s is %s %s",
                                a.getAlias(),
                                a.getName(),
                                a.getVersion())));
        return table + (aliases.isEmpty() ? "" : "\n" + names);
    }

    static String text(ModelDescription m) {
        return String.format(
                Locale.ROOT,
                """
                model       %s, version %s
                task        %s
                reads       %,d tokens
                layers      %d of %d heads, hidden size %d
                windows     %s
                vocabulary  %,d
                parameters  %,d
                memory      about %,d MiB
                backend     %s %s, %s
                digest      %s\
                """,
                m.getName(),
                m.getVersion(),
                m.getTask() + " (" + m.getArchitecture() + ")",
                m.getMaxTokens(),
                m.getLayers(),
                m.getHeads(),
                m.getHiddenSize(),
                m.getWindowsList(),
                m.getVocabularySize(),
                m.getParameters(),
                m.getMemoryBytes() >> MEBIBYTE,
                m.getBackend(),
                m.getBackendVersion(),
                m.getPrecision(),
                m.getDigest());
    }

    static String inferences(List<InferenceRow> rows) {
        if (rows.isEmpty()) {
            return "no inference is known that fits";
        }
        Table table =
                new Table("at", "method", "model", "backend", "tokens", "total", "status", "id");
        rows.forEach(row ->
                table.row(
                        Timestamps.toString(row.getAt()),
                        row.getMethod().replace("longspan.v1.", ""),
                        row.getModel(),
                        row.getBackend(),
                        Integer.toString(row.getTokens()),
                        millis(row.getTotalTime()),
                        row.getStatus(),
                        row.getInferenceId()));
        return table.toString();
    }

    static String text(GetPayloadResponse payload) {
        return String.join(
                System.lineSeparator(),
                payload.getMethod() + ", kept until " + Timestamps.toString(payload.getEndsAt()),
                part("asked", payload.getRequestSize(), payload.getRequestCut()),
                Printable.lines(payload.getRequest()),
                part("answered", payload.getAnswerSize(), payload.getAnswerCut()),
                Printable.lines(payload.getAnswer()));
    }

    private static String part(String name, long bytes, boolean cut) {
        return name
                + ", "
                + bytes
                + " bytes"
                + (cut ? ", of which only the beginning was kept:" : ":");
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", Durations.toNanos(duration) / 1e6);
    }
}
