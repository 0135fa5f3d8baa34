package io.longspan.admin.jobs;

import io.longspan.admin.page.Deeds;
import io.longspan.admin.page.Missing;
import io.longspan.admin.page.Refused;
import io.longspan.store.Store;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks for work. */
@Controller
class LaunchPage {
    private final Store store;
    private final Deeds deeds;
    private final ObjectMapper mapper;

    LaunchPage(Store store, Deeds deeds, ObjectMapper mapper) {
        this.store = store;
        this.deeds = deeds;
        this.mapper = mapper;
    }

    @GetMapping("/jobs/new")
    String form(@RequestParam WorkKind kind, @RequestParam Optional<Long> same, Model model) {
        LaunchForm form =
                same.map(id -> LaunchForm.of(kind, request(id, kind).payload(), mapper))
                        .orElseGet(() -> LaunchForm.empty(kind));
        return show(kind, form, same, model);
    }

    private WorkRow request(long id, WorkKind kind) {
        return store.work()
                .find(id)
                .filter(row -> row.kind() == kind)
                .orElseThrow(() ->
                        new Missing("No request " + id + " asked for " + kind + "; see Jobs."));
    }

    private String show(WorkKind kind, LaunchForm form, Optional<Long> same, Model model) {
        model.addAttribute("kind", kind.name());
        model.addAttribute("form", form);
        model.addAttribute("same", same.orElse(null));
        model.addAttribute("last", store.workSearch().last(kind).orElse(null));
        return "longspan/launch";
    }

    @PostMapping("/jobs")
    String launch(
            @RequestParam WorkKind kind,
            @RequestParam MultiValueMap<String, String> sent,
            Authentication user,
            Model model,
            HttpServletResponse response,
            RedirectAttributes next) {
        LaunchForm form = LaunchForm.sent(kind, sent);
        ObjectNode payload;
        try {
            payload = form.payload(mapper);
        } catch (Refused e) {
            model.addAttribute("problem", e.getMessage());
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return show(kind, form, Optional.empty(), model);
        }
        String title = title(kind, payload);
        long id =
                deeds.make(
                        user,
                        "work.submit",
                        "work_request",
                        Map.of("title", title, "kind", kind.name()),
                        () -> store.work().submit(kind, title, payload.toString(), user.getName()));
        next.addFlashAttribute("notice", "Request " + id + " is queued; a worker takes it.");
        return "redirect:/jobs/" + id;
    }

    private static String title(WorkKind kind, ObjectNode payload) {
        if (kind == WorkKind.INGEST) {
            return "ingest " + payload.path("name").asString(payload.path("corpus").asString());
        }
        String output = payload.path("output").asString();
        return "train " + output.substring(output.lastIndexOf('/') + 1);
    }
}
