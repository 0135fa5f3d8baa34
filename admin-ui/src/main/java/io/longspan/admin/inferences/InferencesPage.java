package io.longspan.admin.inferences;

import io.longspan.admin.curve.CurveSet;
import io.longspan.admin.curve.CurveSvg;
import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.ReaderZone;
import io.longspan.admin.page.Refused;
import io.longspan.api.KeptMessages;
import io.longspan.store.Store;
import io.longspan.store.inference.InferencePayload;
import io.longspan.store.inference.InferenceQuery;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.inference.InferenceSearch;
import io.longspan.store.inference.TimePiece;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The search, and one call. */
@Controller
class InferencesPage {
    private static final int ROWS = 50;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Store store;
    private final InstantSource clock;
    private final Deeds deeds;

    InferencesPage(Store store, InstantSource consoleClock, Deeds deeds) {
        this.store = store;
        this.deeds = deeds;
        this.clock = consoleClock;
    }

    @GetMapping("/inferences")
    String list(
            @RequestParam(defaultValue = "1h") String window,
            @RequestParam Optional<String> caller,
            @RequestParam Optional<String> model,
            @RequestParam Optional<String> method,
            @RequestParam Optional<String> status,
            @RequestParam Optional<String> after,
            ReaderZone zone,
            Model page) {
        Window chosen = Window.of(window);
        Instant now = clock.instant();
        Instant from =
                Instant.ofEpochSecond(
                        now.minus(chosen.length).getEpochSecond()
                                / chosen.piece.toSeconds()
                                * chosen.piece.toSeconds());
        InferenceQuery query =
                new InferenceQuery(
                        Optional.of(from),
                        Optional.empty(),
                        given(caller),
                        given(model),
                        given(method),
                        given(status));
        InferenceQuery anyTime =
                new InferenceQuery(
                        Optional.empty(),
                        Optional.empty(),
                        query.caller(),
                        query.model(),
                        query.method(),
                        query.status());
        InferenceSearch search = store.inferenceSearch();
        InferenceSearch.Looked looked = search.look(query, chosen.piece);
        List<TimePiece> pieces = looked.pieces();
        InferenceSearch.Summary summary = looked.summary();
        page.addAttribute("window", chosen.key);
        page.addAttribute("windows", List.of(Window.values()).stream().map(w -> w.key).toList());
        page.addAttribute("total", summary.total().orElse(null));
        page.addAttribute("methods", summary.methods());
        page.addAttribute(
                "latency", CurveSvg.text(latency(pieces), "Latency in milliseconds", zone.value()));
        page.addAttribute(
                "throughput",
                CurveSvg.text(
                        throughput(pieces, chosen, from, now), "Calls in a minute", zone.value()));
        page.addAttribute(
                "slice",
                store.inferenceSearch().page(anyTime, after.map(InferencesPage::place), ROWS));
        page.addAttribute("json", "/api/v1/inferences");
        return "longspan/inferences";
    }

    private static Optional<String> given(Optional<String> text) {
        return text.map(String::strip).filter(t -> !t.isEmpty());
    }

    private static InferenceSearch.Place place(String text) {
        try {
            return InferenceSearch.Place.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    "'after' is '"
                            + text
                            + "', which is no place in the list; take it from a link.");
        }
    }

    private static CurveSet latency(List<TimePiece> pieces) {
        Map<String, List<CurveSet.Point>> lines = new LinkedHashMap<>();
        lines.put("p50", line(pieces, TimePiece::p50Nanos));
        lines.put("p95", line(pieces, TimePiece::p95Nanos));
        lines.put("p99", line(pieces, TimePiece::p99Nanos));
        return CurveSet.of("clock", "ms", false, true, lines);
    }

    private static List<CurveSet.Point> line(
            List<TimePiece> pieces, ToDoubleFunction<TimePiece> value) {
        return pieces.stream()
                .map(p ->
                        new CurveSet.Point(
                                (double) p.start().getEpochSecond(),
                                value.applyAsDouble(p) / NANOS_PER_MILLI))
                .toList();
    }

    /** Pieces without calls count as zero here, other than in latency, where there is nothing. */
    private static CurveSet throughput(
            List<TimePiece> pieces, Window window, Instant from, Instant to) {
        double minutes = window.piece.toSeconds() / 60.0;
        Map<Long, TimePiece> byStart = new LinkedHashMap<>();
        pieces.forEach(p -> byStart.put(p.start().getEpochSecond(), p));
        List<CurveSet.Point> calls = new ArrayList<>();
        List<CurveSet.Point> errors = new ArrayList<>();
        for (long t = from.getEpochSecond();
                t <= to.getEpochSecond();
                t += window.piece.toSeconds()) {
            TimePiece piece = byStart.get(t);
            calls.add(new CurveSet.Point((double) t, piece == null ? 0 : piece.calls() / minutes));
            errors.add(
                    new CurveSet.Point((double) t, piece == null ? 0 : piece.errors() / minutes));
        }
        Map<String, List<CurveSet.Point>> lines = new LinkedHashMap<>();
        lines.put("calls", calls);
        lines.put("errors", errors);
        return CurveSet.of("clock", "per minute", false, true, lines);
    }

    @GetMapping("/inferences/{id}")
    String one(@PathVariable String id, Model page) {
        page.addAttribute("i", found(id));
        page.addAttribute("json", "/api/v1/inferences?id=" + id);
        return "longspan/inference";
    }

    /** What was said too, where it is kept. Whoever looks leaves a line in the audit. */
    @GetMapping("/inferences/{id}/payload")
    String payload(@PathVariable String id, Authentication user, Model page) {
        InferenceRow row = found(id);
        deeds.elsewhere(
                user,
                "payload.read",
                "inference " + row.id(),
                Map.of(),
                () -> page.addAttribute("said", said(row)));
        page.addAttribute("i", row);
        page.addAttribute("json", "/api/v1/inferences?id=" + id);
        return "longspan/inference";
    }

    private Said said(InferenceRow row) {
        InferencePayload kept =
                store.payloads()
                        .find(row.id())
                        .orElseThrow(() ->
                                new Missing(
                                        "Of inference '"
                                                + row.id()
                                                + "' no payload is kept: servers keep payloads only with longspan.serve.payloads.keep-days, and until then or until they are deleted."));
        return new Said(
                KeptMessages.request(row.method(), kept.requestBytes(), kept.requestSize()),
                KeptMessages.answer(row.method(), kept.answerBytes(), kept.answerSize()),
                kept.endsAt());
    }

    /**
     * What was said.
     *
     * @param asked by the caller
     * @param answered to the caller
     * @param until when it is kept
     */
    record Said(KeptMessages asked, KeptMessages answered, Instant until) {}

    private InferenceRow found(String id) {
        return uuid(id).flatMap(store.inferenceSearch()::find)
                .orElseThrow(() ->
                        new Missing(
                                "Inference '"
                                        + id
                                        + "' is not in the log; look for it under Inferences."));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
